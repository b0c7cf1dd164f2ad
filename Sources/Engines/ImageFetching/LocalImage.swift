import Cryptography
import ImageFolders
import ImageModel
import LinuxSystem
import Squashfs
import SystemPackage

/// Reads what an image on this machine can give to another one; nothing in it is believed without its digest.
struct LocalImage {
    /// The image directory.
    let directory: FilePath
    /// The manifest; nil when it cannot be read.
    let manifest: Manifest?

    /// Looks at an image directory.
    init(_ directory: FilePath) {
        self.directory = directory
        manifest = (try? ImageFolder(directory))?.manifest
    }

    /// The path of one of its files.
    func path(of file: ImageFile) -> FilePath { directory.appending(file.rawValue) }

    /// The index of a file as one chunk; nil when the manifest does not name it.
    func whole(_ file: ImageFile) -> ChunkIndex? {
        manifest?.file(file).map { .whole(size: $0.size, digest: $0.sha256) }
    }

    /// The chunk index of the root file: the one beside it, or made anew when that is missing, damaged or of other limits.
    ///
    /// - Throws: `SystemError` or `CryptographyError` when the root file cannot be read.
    func chunks(_ parameters: ContentChunker.Parameters) throws -> ChunkIndex {
        let size = try FileStatus.of(path(of: .root))?.size
        if let bytes = try? FileBytes.readIfPresent(path(of: .chunks), limit: ImageFile.chunks.sizeLimit),
            let index = try? ChunkIndex(parsing: bytes), index.parameters == parameters,
            size == Int64(index.size)
        {
            return index
        }
        return try ChunkScan.index(of: path(of: .root), parameters)
    }
}

/// Cuts a file into chunks.
struct ChunkScan: ~Copyable {
    private var chunker: BlockChunker
    private var hasher: SHA256Hasher
    private var index: ChunkIndex

    /// Reads a file and returns its chunk index; the digest of the whole file in it is that of no bytes.
    ///
    /// - Parameter places: where its blocks begin and end; nil looks for them.
    /// - Throws: `SystemError` or `CryptographyError` when the file cannot be read.
    static func index(
        of path: FilePath, _ parameters: ContentChunker.Parameters = .standard, places: [Int]? = nil
    ) throws -> ChunkIndex {
        // What is no squashfs, or a damaged one, still has chunks by content.
        let found = try? places ?? SquashfsBlocks.layout(of: path).places
        var scan = try ChunkScan(parameters, places: found ?? [])
        var buffer = [UInt8](repeating: 0, count: StagedFile.blockLength)
        do throws(Errno) {
            let file = try OwnedDescriptor(opening: path)
            var offset = 0
            while case let count = try FileBlock.read(file.descriptor, into: &buffer, count: buffer.count, at: offset),
                count > 0
            {
                try catchingErrno { try scan.take(buffer.span.extracting(0..<count)) }
                offset += count
            }
        } catch { throw SystemError.file("reading", path, error) }
        return try scan.finish()
    }

    private init(_ parameters: ContentChunker.Parameters, places: [Int]) throws {
        let hasher = try SHA256Hasher()
        index = ChunkIndex(parameters: parameters, digest: try SHA256Hasher.digest(of: []))
        chunker = BlockChunker(parameters, places: places)
        self.hasher = hasher
    }

    private mutating func take(_ bytes: Span<UInt8>) throws {
        var start = 0
        while start < bytes.count {
            let pending = chunker.pending
            let end = chunker.boundary(in: bytes, from: start)
            try hasher.update(bytes.extracting(start..<(end ?? bytes.count)))
            if let end { index.append(length: pending + end - start, digest: try hasher.finish()) }
            start = end ?? bytes.count
        }
    }

    private consuming func finish() throws -> ChunkIndex {
        if chunker.pending > 0 { index.append(length: chunker.pending, digest: try hasher.finish()) }
        return index
    }
}
