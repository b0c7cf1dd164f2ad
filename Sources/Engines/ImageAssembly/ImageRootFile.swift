import Cryptography
package import ImageModel
import LinuxSystem
package import RegistryModel
import Squashfs
package import SystemPackage
import Verity

/// Finishes the root file: hashes and chunks its data, appends the verity tree, hashes and chunks that as well.
package struct ImageRootFile: ~Copyable {
    private let path: FilePath
    private let progress: (TransferProgress) throws -> Void
    private var whole: BackgroundHasher
    private var chunk: SHA256Hasher
    private var chunker: BlockChunker
    private var chunks: [(length: Int, digest: Digest)] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    private var done = 0

    /// Appends the tree to a squashfs and returns what the manifest says of it, and the chunk index.
    ///
    /// - Throws: `VerityError`, `CryptographyError` or `Errno` when the file cannot be read or written, and what `progress`
    ///   throws.
    package static func finish(
        _ path: FilePath, progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (root: Manifest.Root, index: ChunkIndex) {
        var file = try ImageRootFile(path, progress)
        try file.readOn()
        let content = try file.whole.digestSoFar()
        try progress(TransferProgress("hashing blocks", done: 0))
        try reserve(path, file.done)
        let verity = try VerityFormat.append(
            to: path, size: file.done, salt: try salt(content), uuid: uuid(content))
        try file.readOn()
        return try file.result(verity)
    }

    private init(_ path: FilePath, _ progress: @escaping (TransferProgress) throws -> Void) throws {
        let whole = try BackgroundHasher()
        let chunk = try SHA256Hasher()
        let layout = try SquashfsBlocks.layout(of: path)
        let parameters = BlockChunker.parameters(blockSize: layout.blockSize) ?? .standard
        chunker = BlockChunker(parameters, places: layout.places)
        self.path = path
        self.progress = progress
        self.whole = whole
        self.chunk = chunk
    }

    /// Makes sure that the tree has space.
    private static func reserve(_ path: FilePath, _ size: Int) throws {
        // 32 bytes for each block of 4 KiB and the same again for each level, and the superblock.
        guard try SpaceReservation.reserve(path, bytes: size + size / 100 + (64 << 10)) else {
            throw ImageAssemblyError.file("appending the hash tree to", path, .noSpace)
        }
    }

    /// Derives the salt from the content, so that equal content gives an equal image.
    private static func salt(_ content: Digest) throws -> [UInt8] {
        try SHA256Hasher.digest(of: Array("lifeboot verity salt ".utf8) + content.bytes).bytes
    }

    /// Derives the UUID from the content: version 8, own method (RFC 9562 section 5.8).
    private static func uuid(_ content: Digest) -> String {
        var bytes = Array(content.bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(Hexadecimal.text(of: bytes))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return parts.joined(separator: "-")
    }

    /// Reads from where it stopped to the end of the file.
    private mutating func readOn() throws {
        let file = try OwnedDescriptor(opening: path)
        try file.descriptor.seek(offset: Int64(done), from: .start)
        while case let count = try FileBlock.read(file.descriptor, into: &buffer), count > 0 {
            try take(buffer, count)
        }
        try file.close()
    }

    private mutating func take(_ bytes: [UInt8], _ count: Int) throws {
        let span = bytes.span.extracting(0..<count)
        try whole.update(span)
        var start = 0
        while start < count {
            let pending = chunker.pending
            let end = chunker.boundary(in: span, from: start)
            try chunk.update(span.extracting(start..<(end ?? count)))
            if let end { chunks.append((pending + end - start, try chunk.finish())) }
            start = end ?? count
        }
        done += count
        try progress(TransferProgress("hashing the root image", done: done))
    }

    private mutating func result(_ verity: VerityParameters) throws -> (root: Manifest.Root, index: ChunkIndex) {
        if chunker.pending > 0 { chunks.append((chunker.pending, try chunk.finish())) }
        let digest = try whole.finish()
        var index = ChunkIndex(parameters: chunker.parameters, digest: digest)
        for (length, digest) in chunks { index.append(length: length, digest: digest) }
        return (Manifest.Root(format: "squashfs", size: done, sha256: digest, verity: verity), index)
    }
}
