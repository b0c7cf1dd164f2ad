import Cryptography
package import ImageModel
import LinuxSystem
import RegistryModel
package import SystemPackage

/// Says where the bytes of a file lie: a file of their own, or pieces of an archive or medium.
package struct FileContent: Equatable, Sendable {
    /// Bytes read at a time.
    static let pieceLength = 1 << 20

    /// The file, archive or device that holds the bytes.
    package let path: FilePath
    /// The pieces in order, as ranges of bytes of that file.
    package let extents: [Range<Int>]
    /// Bytes in all.
    package let size: Int

    /// A whole file.
    init(wholeFile path: FilePath, size: Int) {
        self.init(path: path, extents: size > 0 ? [0..<size] : [])
    }

    /// Pieces of a file.
    init(path: FilePath, extents: [Range<Int>]) {
        self.path = path
        self.extents = extents
        size = extents.reduce(0) { $0 + $1.count }
    }

    /// Streams a range of the content in order.
    ///
    /// - Parameter sink: takes the offset in the content and the bytes.
    /// - Throws: `SystemError` when the file cannot be read, `RegistryError` when it ends early, and what the sink throws.
    package func read(_ range: Range<Int>, into sink: (Int, Span<UInt8>) throws -> Void) throws {
        let file = try opened()
        var buffer = [UInt8](repeating: 0, count: min(Self.pieceLength, max(1, range.count)))
        var start = 0
        for extent in extents {
            let wanted = range.clamped(to: start..<(start + extent.count))
            var position = wanted.lowerBound
            while position < wanted.upperBound {
                let place = extent.lowerBound + (position - start)
                let count = min(buffer.count, wanted.upperBound - position)
                let got = try fill(&buffer, count, from: file.descriptor, at: place)
                try sink(position, buffer.span.extracting(0..<got))
                position += got
            }
            start += extent.count
        }
    }

    /// The whole content of a file that is expected to be small.
    ///
    /// - Throws: as `read`, and `RegistryError` when there are more bytes than the limit.
    package func bytes(limit: Int) throws -> [UInt8] {
        guard size <= limit else { throw RegistryError.damaged(path, "a part is longer than \(limit) bytes") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        try read(0..<size) { _, piece in bytes.append(contentsOf: piece) }
        return bytes
    }

    /// The digest of the whole content, computed in constant memory.
    package func digest() throws -> Digest {
        var hasher = try SHA256Hasher()
        try read(0..<size) { _, piece in try hasher.update(piece) }
        return try hasher.finish()
    }

    private func opened() throws(SystemError) -> OwnedDescriptor {
        do throws(Errno) { return try OwnedDescriptor(opening: path) } catch { throw .file("opening", path, error) }
    }

    /// Reads some bytes at a place, at least one.
    private func fill(_ buffer: inout [UInt8], _ count: Int, from file: FileDescriptor, at place: Int) throws -> Int {
        let got: Int
        do throws(Errno) {
            got = try FileBlock.read(file, into: &buffer, count: count, at: place)
        } catch {
            throw SystemError.file("reading", path, error)
        }
        guard got > 0 else {
            throw RegistryError.damaged(path, "the file ends at byte \(place), where more must follow")
        }
        return got
    }
}
