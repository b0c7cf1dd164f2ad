import Archives
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Writes a disk as Google Compute Engine imports it: the file `disk.raw` with its holes, in an archive of old GNU tar, in gzip.
enum DiskArchive {
    private static let bufferLength = 1 << 20

    /// Writes the archive; the same bytes of the disk give the same archive.
    ///
    /// - Throws: when the disk cannot be read, or the archive not be written.
    static func write(_ disk: FilePath, to path: FilePath, time: Int64) throws {
        let source = try opened(disk)
        let output = try ArchiveOutput(path)
        do { try write(source, time, output) } catch let error as Errno {
            throw SystemError.file("reading", disk, error)
        } catch {
            // The compressor knows only that its output was not taken.
            throw output.failure.map { SystemError.file("writing", path, $0) } ?? error
        }
    }

    private static func opened(_ disk: FilePath) throws -> OwnedDescriptor {
        do { return try OwnedDescriptor(opening: disk) } catch { throw SystemError.file("opening", disk, error) }
    }

    private static func write(_ disk: borrowing OwnedDescriptor, _ time: Int64, _ output: ArchiveOutput) throws {
        let size = try FileStatus.of(disk.descriptor).size
        let data = try DataExtents.of(disk.descriptor)
        let header = SparseTarHeader(name: "disk.raw", size: size, data: data, time: time)
        var gzip = try GzipWriter(receive: output.take)
        try gzip.write(header.bytes.span)
        var buffer = [UInt8](repeating: 0, count: bufferLength)
        for extent in header.data {
            var place = extent.lowerBound
            while place < extent.upperBound {
                let wanted = Int(min(Int64(bufferLength), extent.upperBound - place))
                let count = try FileBlock.read(disk.descriptor, into: &buffer, count: wanted, at: Int(place))
                guard count == wanted else { throw Errno.ioError }
                try gzip.write(buffer.span.extracting(0..<count))
                place += Int64(count)
            }
        }
        try gzip.write(header.trailer.span)
        try gzip.finish()
    }
}

/// Takes what comes out of a compressor, and knows why it could not be written.
private final class ArchiveOutput {
    private let file: OwnedDescriptor
    private(set) var failure: Errno?

    init(_ path: FilePath) throws {
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: path, .writeOnly, options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch { throw SystemError.file("making", path, error) }
    }

    func take(_ bytes: Span<UInt8>) -> Bool {
        do throws(Errno) { try FileBlock.write(bytes, to: file.descriptor) } catch { failure = error }
        return failure == nil
    }
}
