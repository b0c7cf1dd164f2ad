import Filesystems
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import TransferPlanning
import Verity

/// Names the hash tree at the end of a root file, which a machine makes out of the data in front of it.
///
/// The same data, salt and UUID give the same bytes, so the tree need not be transferred: 0.8 % of the file, and all of it
/// changes with each image. Its chunks are verified like all others; should they come out differently, they are fetched.
struct HashTree {
    private let parameters: VerityParameters
    private let path: FilePath

    /// Names the tree of a root file.
    init(_ parameters: VerityParameters, in path: FilePath) {
        self.parameters = parameters
        self.path = path
    }

    /// Where the data ends.
    var start: Int { parameters.hashOffset }

    /// The bytes of the chunks that have nothing but the tree; nil when it is not one that can be made here.
    func chunks(of index: ChunkIndex) -> Range<Int>? {
        guard VerityTreeLayout.describes(parameters), index.size == VerityTreeLayout(dataSize: start).end else {
            return nil
        }
        let chunks = index.chunks(overlapping: start..<index.size)
        return chunks.first { $0.offset >= start }.map { $0.offset..<index.size }
    }

    /// What is hashed in front of each block.
    var salt: [UInt8] { parameters.salt }

    /// The root hash that the manifest names.
    var rootHash: [UInt8] { parameters.rootHash }

    /// Begins the tree.
    ///
    /// - Throws: `VerityError` when the manifest describes none.
    func writer() throws -> HashTreeWriter { try HashTreeWriter(parameters, in: path) }
}

// The part of a root file that is made here.

extension StagedFile {
    /// Makes the hash tree when all else is in place, and verifies its chunks.
    ///
    /// - Returns: whether the file is complete; if not, what is missing has to be fetched after all.
    /// - Throws: `VerityError` when the file cannot be read or written, `PreallocationError`, or what `observer` throws.
    mutating func append(_ tree: HashTree, _ observer: (TransferProgress) throws -> Void) throws -> Bool {
        guard let derived else { return isComplete }
        self.derived = nil
        guard !isComplete, held.contains(0..<derived.lowerBound) else { return isComplete }
        try observer(TransferProgress("making the hash tree", done: held.count, total: index.size))
        try discardingUnreadable { (file) in try file.makeWhileReadingBack(tree) }
        // The last chunk of the data may reach into the tree, so it is looked at as well.
        for chunk in index.chunks(overlapping: tree.start..<index.size) {
            if try !isRight(chunk) { try discard(chunk) } else if !held.contains(chunk.range) { keep(chunk, .copied) }
        }
        return isComplete
    }

    /// Makes the tree of what the disk gives back: one thread reads on while two hash what it has read.
    private mutating func makeWhileReadingBack(_ tree: HashTree) throws {
        try flush()
        try flushAndForget()
        try readBack.forget(from: 0)
        var writer = try tree.writer()
        let disk = try DurableFile(file.path)
        var reading = Self.read(disk, 0..<tree.start)
        while readBack.end < tree.start {
            let data = try reading.value()
            // A file that has become shorter has another root hash.
            if data.isEmpty { break }
            reading = Self.read(disk, (readBack.end + data.count)..<tree.start)
            var hashing = BackgroundWork { [salt = tree.salt] in try HashTreeWriter.digests(of: data.span, salt: salt) }
            try readBack.take(data, data.count)
            try writer.add(try hashing.value()) { try file.write($0, at: $1) }
        }
        isTreeMade = try writer.finish { try file.write($0, at: $1) } == tree.rootHash
    }

    /// Begins to read the front of a part on a thread of its own.
    private static func read(_ disk: DurableFile, _ part: Range<Int>) -> BackgroundWork<[UInt8]> {
        BackgroundWork { part.isEmpty ? [] : try disk.bytes(at: part.lowerBound, count: part.count) }
    }
}
