import Filesystems
import ImageModel
import LinuxSystem
import RegistryModel
import TransferPlanning
import Verity

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
