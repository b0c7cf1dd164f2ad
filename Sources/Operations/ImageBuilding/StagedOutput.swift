import Cryptography
import ImageModel
import LinuxSystem
import SystemPackage

/// Writes a file of the staging folder in pieces, and knows its digest.
struct StagedOutput: ~Copyable {
    private static let bufferLength = 256 << 10

    private let path: FilePath
    private let file: OwnedDescriptor
    private var hasher: SHA256Hasher
    private var buffer: [UInt8] = []

    /// Makes the file.
    init(_ path: FilePath) throws {
        let hasher = try SHA256Hasher()
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: path, .writeOnly, options: [.create, .exclusiveCreate], permissions: ImageStaging.fileMode)
        } catch { throw ImageBuildError.file("making", path, error) }
        self.hasher = hasher
        self.path = path
    }

    /// Writes the next bytes.
    mutating func append(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= Self.bufferLength { try flush() }
    }

    /// Writes the content of another file.
    mutating func append(contentOf source: FilePath) throws {
        try flush()
        var block = [UInt8](repeating: 0, count: Self.bufferLength)
        do throws(Errno) {
            let input = try OwnedDescriptor(opening: source)
            while case let count = try FileBlock.read(input.descriptor, into: &block), count > 0 {
                buffer += block.prefix(count)
                do { try flush() } catch { throw Errno.ioError }
            }
        } catch { throw ImageBuildError.file("reading", source, error) }
    }

    /// Writes what is left and returns the digest of the whole; who commits the folder flushes it to the disk.
    mutating func finish() throws -> Digest {
        try flush()
        return try hasher.finish()
    }

    private mutating func flush() throws {
        try hasher.update(buffer)
        let descriptor = file.descriptor
        let bytes = buffer
        do throws(Errno) { _ = try catchingErrno { try descriptor.writeAll(bytes) } } catch {
            throw ImageBuildError.file("writing", path, error)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
