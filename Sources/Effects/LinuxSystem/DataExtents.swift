import Glibc
package import SystemPackage

/// Finds where a file holds anything but zeros.
package enum DataExtents {
    /// Bytes that are looked at together: shorter holes count as data, so that the list stays short.
    package static let blockLength = 64 << 10
    private static let bufferLength = 16 * blockLength
    /// `SEEK_DATA` (linux/fs.h), which Glibc shows only with `_GNU_SOURCE`.
    private static let seekData: CInt = 3

    /// The places with data, in order, each a multiple of a block except at the end of the file.
    ///
    /// The same bytes give the same places, wherever the filesystem has its holes: those only save the reading.
    ///
    /// The corresponding C function is `lseek` with `SEEK_DATA`.
    ///
    /// - Throws: the `errno` of the call.
    package static func of(_ file: FileDescriptor) throws(Errno) -> [Range<Int64>] {
        let size = try FileStatus.of(file).size
        var buffer = [UInt8](repeating: 0, count: bufferLength)
        var extents: [Range<Int64>] = []
        var place: Int64 = 0
        while let next = try nextData(file, after: place) {
            place = next / Int64(blockLength) * Int64(blockLength)
            let count = try FileBlock.read(file, into: &buffer, count: bufferLength, at: Int(place))
            if count == 0 { break }
            add(buffer, count, at: place, to: &extents)
            place += Int64(count)
            if place >= size { break }
        }
        return extents
    }

    private static func add(_ buffer: [UInt8], _ count: Int, at place: Int64, to extents: inout [Range<Int64>]) {
        for start in stride(from: 0, to: count, by: blockLength) {
            let end = min(start + blockLength, count)
            if isZero(buffer.span.extracting(start..<end)) { continue }
            let (from, to) = (place + Int64(start), place + Int64(end))
            if let last = extents.last, last.upperBound == from {
                extents[extents.count - 1] = last.lowerBound..<to
            } else {
                extents.append(from..<to)
            }
        }
    }

    /// The first byte is zero, and each other one is what the one before it is.
    ///
    /// The corresponding C function is `memcmp`.
    private static func isZero(_ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { memory in
            guard let start = memory.baseAddress else { return true }
            return unsafe memory[0] == 0 && memcmp(start, start + 1, memory.count - 1) == 0
        }
    }

    /// Where the filesystem has something next, which for one without holes is here; nil behind the last.
    private static func nextData(_ file: FileDescriptor, after place: Int64) throws(Errno) -> Int64? {
        do throws(Errno) {
            return Int64(try systemCall { lseek(file.rawValue, off_t(place), seekData) })
        } catch {
            // There is none behind this place.
            if error == .noSuchAddressOrDevice { return nil }
            throw error
        }
    }
}
