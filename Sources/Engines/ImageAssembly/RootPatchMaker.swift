import Cryptography
import ImageFolders
package import ImageModel
import LinuxSystem
import Squashfs
package import SystemPackage

/// Says the blocks of a root file that another one lacks by their difference from those that hold the same files there.
///
/// For files that are built anew and are nearly the same, such as the modules of a kernel: compressed they have nothing in
/// common.
package struct RootPatchMaker: Sendable {
    /// Bytes of a part after which the next one begins.
    private static let partLength = 2 << 20
    /// Level of zstd for differences: they are made once, and read by all machines.
    private static let level = 15
    /// Changes that are made at once.
    private static let batch = 256

    private let root: StoredRoot
    private let base: StoredRoot
    private let index: ChunkIndex

    /// Opens both.
    ///
    /// - Parameters:
    ///   - root: the root file, and its chunks.
    ///   - base: the directory of the other image, which must have its chunk index.
    /// - Throws: `ImageAssemblyError`, `SquashfsError`, `SystemError` or `ChunkIndexError` when one cannot be read.
    package init(_ root: FilePath, _ index: ChunkIndex, base: FilePath) throws {
        self.root = try StoredRoot(root)
        self.base = try StoredRoot(base.appending(ImageFile.root.rawValue))
        self.index = index
    }

    /// Makes the parts, each of which `write` takes.
    ///
    /// - Parameter known: digests of the chunks of the other image.
    /// - Throws: as `init`, and what `write` throws.
    package func parts(known: Set<Digest>, _ write: (RootPatch) throws -> Void) throws {
        let sources = sources(known)
        guard let level = try level(sources) else { return }
        let empty = RootPatch(level: level, blockSize: max(root.blockSize, base.blockSize))
        var (part, length) = (empty, 0)
        let sorted = sources.sorted { $0.key < $1.key }
        for start in stride(from: 0, to: sorted.count, by: Self.batch) {
            for change in try changes(Array(sorted[start..<min(sorted.count, start + Self.batch)]), level) {
                part.changes.append(change)
                length += change.difference.count + 256
                if length < Self.partLength { continue }
                try write(part)
                (part, length) = (empty, 0)
            }
        }
        if !part.changes.isEmpty { try write(part) }
    }

    /// The changes that are worth it, made on all processors.
    private func changes(_ sources: [(key: Int, value: [StoredBlock])], _ level: Int) throws -> [RootPatch.Change] {
        try SpreadWork.results(of: sources, threads: SpreadWork.processors) { sources in
            let zstd = try ZstdBlocks()
            return try sources.compactMap { try change($0.key, $0.value, level, zstd) }
        }
    }

    /// The blocks of the other file that hold what a missing chunk holds, by the chunk's number.
    private func sources(_ known: Set<Digest>) -> [Int: [StoredBlock]] {
        var missing: [Int: Int] = [:]
        for (number, chunk) in index.chunks.enumerated() where !known.contains(chunk.digest) {
            missing[chunk.offset] = number
        }
        var sources: [Int: [StoredBlock]] = [:]
        func add(_ block: StoredBlock?, _ blocks: [StoredBlock?]) {
            guard let block, let number = missing[block.offset], index.chunks[number].length == block.length else {
                return
            }
            for case let source? in blocks where !sources[number, default: []].contains(source) {
                if sources[number, default: []].count < RootPatch.mostBlocks {
                    sources[number, default: []].append(source)
                }
            }
        }
        for (name, places) in root.files {
            guard let before = base.file(name) else { continue }
            for (number, block) in places.blocks.enumerated() {
                let near = before.blocks.indices.clamped(to: max(0, number - 1)..<(number + 2))
                add(block, before.blocks[near] + (near.upperBound == before.blocks.count ? [before.shared] : []))
            }
            add(places.shared, [before.shared, before.blocks.last ?? nil])
        }
        return sources
    }

    /// The level at which the blocks were compressed; nil when it cannot be told, so that nobody could do so again.
    private func level(_ sources: [Int: [StoredBlock]]) throws -> Int? {
        let zstd = try ZstdBlocks()
        for number in sources.keys.sorted() {
            let stored = try root.bytes(at: index.chunks[number].offset, count: index.chunks[number].length)
            guard let content = zstd.decompressed(stored, limit: root.blockSize) else { continue }
            return ([9] + (1...22)).first { zstd.compressed(content, level: $0) == stored }
        }
        return nil
    }

    /// A chunk by its difference; nil when that is no gain, or the chunk does not come out again.
    private func change(
        _ number: Int, _ blocks: [StoredBlock], _ level: Int, _ zstd: ZstdBlocks
    ) throws -> RootPatch.Change? {
        let chunk = index.chunks[number]
        let stored = try root.bytes(at: chunk.offset, count: chunk.length)
        let isCompressed = root.compressed.contains(chunk.offset)
        let content = isCompressed ? zstd.decompressed(stored, limit: root.blockSize) : stored
        guard let content, !isCompressed || zstd.compressed(content, level: level) == stored else { return nil }
        var known: [UInt8] = []
        for block in blocks {
            guard let bytes = try base.content(block, zstd) else { return nil }
            known += bytes
        }
        guard let difference = zstd.difference(of: content, from: known, level: Self.level),
            difference.count < chunk.length / 8 * 7
        else { return nil }
        return RootPatch.Change(chunk: number, isCompressed: isCompressed, base: blocks, difference: difference)
    }
}

/// A squashfs, with which blocks hold which file.
private final class StoredRoot: Sendable {
    let blockSize: Int
    /// Where the blocks begin that are compressed.
    let compressed: Set<Int>
    let files: [(name: String, places: FilePlaces)]
    private let numbers: [String: Int]
    private let file: OwnedDescriptor
    private let path: FilePath

    init(_ path: FilePath) throws {
        let file: OwnedDescriptor
        do throws(Errno) { file = try OwnedDescriptor(opening: path) } catch {
            throw ImageAssemblyError.file("opening", path, error)
        }
        var reader = try SquashfsReader(path: path)
        var (files, numbers): ([(name: String, places: FilePlaces)], [String: Int]) = ([], [:])
        var compressed: Set<Int> = []
        let shared = try reader.sharedBlocks()
        while let entry = try reader.next() {
            guard case .file = entry.kind else { continue }
            let places = try reader.places(shared: shared)
            let name = Self.name(entry.path)
            numbers[name] = files.count
            files.append((name, places))
            for case let block? in places.blocks + [places.shared] where block.isCompressed {
                compressed.insert(block.offset)
            }
        }
        blockSize = reader.blockSize
        self.path = path
        self.file = file
        (self.files, self.numbers, self.compressed) = (files, numbers, compressed)
    }

    /// The path, without the version of a kernel, so that modules of two versions have the same.
    private static func name(_ path: [UInt8]) -> String {
        var parts = String(decoding: path, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
        if let place = parts.firstIndex(of: "modules"), place > 0, parts[place - 1] == "lib", place + 1 < parts.count {
            parts[place + 1] = "*"
        }
        return parts.joined(separator: "/")
    }

    func file(_ name: String) -> FilePlaces? { numbers[name].map { files[$0].places } }

    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        do throws(Errno) {
            let got = try FileBlock.read(file.descriptor, into: &buffer, count: count, at: offset)
            return got == count ? buffer : []
        } catch { throw ImageAssemblyError.file("reading", path, error) }
    }

    func content(_ block: StoredBlock, _ zstd: ZstdBlocks) throws -> [UInt8]? {
        let stored = try bytes(at: block.offset, count: block.length)
        return block.isCompressed ? zstd.decompressed(stored, limit: blockSize) : stored
    }
}
