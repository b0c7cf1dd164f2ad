import ImageModel
import LinuxSystem
import RegistryModel
import TransactionPlanning

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

    /// Makes the tree on a thread of its own while this one reads the data back: both need all of it from the disk.
    private mutating func makeWhileReadingBack(_ tree: HashTree) throws {
        try flush()
        try flushAndForget()
        var making = BackgroundWork { try tree.append() }
        try readBack(upTo: tree.start)
        isTreeMade = try making.value()
    }
}
