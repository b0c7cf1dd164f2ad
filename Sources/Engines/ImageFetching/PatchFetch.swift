import Cryptography
import ImageModel
import LinuxSystem
import RegistryModel
import Squashfs
import SystemPackage
import TransferPlanning

/// Makes chunks of a root file out of the content of another one on this machine, and of parts of a patch, which are fetched.
///
/// A chunk that comes out differently, because another version of the compressor made it, is fetched like one that nobody has.
struct PatchFetch {
    /// Chunks that are made at once: 8 MiB at most with the usual size of blocks.
    private static let batch = 64

    /// The parts for this root file, in order.
    let patches: [Manifest.Patch]
    /// Directories of images on this machine.
    let locals: [FilePath]

    /// The images that are here and have parts for them, with these.
    private var usable: [(directory: FilePath, parts: [Manifest.Patch])] {
        locals.compactMap { directory in
            guard let root = LocalImage(directory).manifest?.root.sha256 else { return nil }
            let parts = patches.filter { $0.base == root && $0.file.size <= RootPatch.sizeLimit }
            return parts.isEmpty ? nil : (directory, parts)
        }
    }

    /// Bytes less than without patches.
    var saving: Int { usable.first?.parts.reduce(0) { $0 + $1.covers - $1.file.size } ?? 0 }

    /// Applies the parts whose root file is here.
    ///
    /// - Returns: what did not go as it should without being a failure.
    /// - Throws: `PreallocationError`, and the error of the observer or of a source that breaks.
    func run(
        _ file: inout StagedFile, from source: inout some BlobSource & ~Copyable, _ observer: FileFetch.Observer
    ) throws -> [String] {
        for (directory, parts) in usable {
            guard let base = PatchBase(directory.appending(ImageFile.root.rawValue)) else { continue }
            for part in parts {
                // What of it is there already was made in an earlier attempt.
                guard file.needed.count(in: part.span(in: file.index)) >= part.covers else { continue }
                let patch: RootPatch
                do { patch = try fetch(part, from: &source) } catch {
                    // What stands in the way of all else stands in the way of what comes next.
                    return ["\(file.kind.rawValue) is fetched without the help of a patch: \(error)"]
                }
                if try !apply(patch, base, to: &file) {
                    return [
                        "\(file.kind.rawValue) is fetched without the help of a patch: nothing of it comes out here"
                    ]
                }
                try observer(
                    TransferProgress("patching \(file.kind.rawValue)", done: file.held.count, total: file.index.size))
            }
            return []
        }
        return []
    }

    private func fetch(
        _ part: Manifest.Patch, from source: inout some BlobSource & ~Copyable
    ) throws -> RootPatch {
        let blob = Descriptor(mediaType: MediaType.imageFile, digest: part.file.sha256, size: part.file.size)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.file.size)
        try source.read(blob, from: 0) { piece in ByteCopy.append(piece, to: &bytes) }
        // Nothing in it is looked at before.
        guard try SHA256Hasher.digest(of: bytes) == part.file.sha256, let patch = RootPatch(parsing: bytes) else {
            throw FetchError.corrupted("fetching", "a patch", "it is not what its digest says")
        }
        return patch
    }

    /// Puts the chunks into their places; false when none of them came out right.
    private func apply(_ patch: RootPatch, _ base: PatchBase, to file: inout StagedFile) throws -> Bool {
        let changes = patch.changes.filter { file.index.chunks.indices.contains($0.chunk) }
        var isOfUse = changes.isEmpty
        for start in stride(from: 0, to: changes.count, by: Self.batch) {
            let batch = changes[start..<min(changes.count, start + Self.batch)].filter { change in
                !file.held.contains(file.index.chunks[change.chunk].range)
            }
            if batch.isEmpty { isOfUse = true }
            for (change, bytes) in zip(batch, try base.chunks(batch, of: patch)) {
                if let bytes, try file.take(made: bytes, as: file.index.chunks[change.chunk]) { isOfUse = true }
            }
        }
        return isOfUse
    }
}

/// The root file that a patch is for.
private final class PatchBase: Sendable {
    /// Threads at most: each needs some memory.
    private static let mostThreads = 4

    private let file: OwnedDescriptor

    /// Opens it; nil when it cannot be read.
    init?(_ path: FilePath) {
        guard let file = try? OwnedDescriptor(opening: path) else { return nil }
        self.file = file
    }

    /// The bytes of chunks; nil for one that does not come out.
    ///
    /// - Throws: when there is no memory.
    func chunks(_ changes: [RootPatch.Change], of patch: RootPatch) throws -> [[UInt8]?] {
        let threads = min(SpreadWork.processors, Self.mostThreads)
        return try SpreadWork.results(of: changes, threads: threads) { [self] changes in
            let zstd = try ZstdBlocks()
            return changes.map { chunk($0, of: patch, zstd) }
        }
    }

    private func chunk(_ change: RootPatch.Change, of patch: RootPatch, _ zstd: ZstdBlocks) -> [UInt8]? {
        var known: [UInt8] = []
        for block in change.base {
            guard let content = content(of: block, limit: patch.blockSize, zstd) else { return nil }
            known += content
        }
        guard let block = zstd.block(change.difference, from: known, limit: patch.blockSize) else { return nil }
        return change.isCompressed ? zstd.compressed(block, level: patch.level) : block
    }

    private func content(of block: StoredBlock, limit: Int, _ zstd: ZstdBlocks) -> [UInt8]? {
        var stored = [UInt8](repeating: 0, count: block.length)
        guard let count = try? FileBlock.read(file.descriptor, into: &stored, count: block.length, at: block.offset),
            count == block.length
        else { return nil }
        return block.isCompressed ? zstd.decompressed(stored, limit: limit) : stored
    }
}

extension Manifest.Patch {
    /// The part of the root file from its first chunk to behind its last.
    fileprivate func span(in index: ChunkIndex) -> Range<Int> {
        let chunks = index.chunks
        guard chunks.indices.contains(first), chunks.indices.contains(last), first <= last else { return 0..<0 }
        return chunks[first].offset..<chunks[last].range.upperBound
    }
}
