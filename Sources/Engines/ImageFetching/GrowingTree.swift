import ImageModel
import LinuxSystem
import Verity

/// Makes a hash tree out of what the disk gives back of the data in front of it, while more of that comes.
///
/// So a byte is read once and hashed once for both questions: whether the disk has it, and whether it is the signed one.
struct GrowingTree: ~Copyable {
    /// Fewer new bytes are not worth the threads.
    static let least = 8 << 20
    /// More bytes are read in several steps, so that memory does not grow with the file.
    static let most = 64 << 20

    /// A block of the tree.
    struct Block: Sendable {
        let bytes: [UInt8]
        let offset: Int

        init(_ bytes: Span<UInt8>, _ offset: Int) {
            var copy: [UInt8] = []
            ByteCopy.append(bytes, to: &copy)
            self.bytes = copy
            self.offset = offset
        }
    }

    /// What one step gives.
    struct Step: Sendable {
        var writer: HashTreeWriter
        var blocks: [Block] = []
    }

    private let tree: HashTree
    private var disk: DiskReading?
    private var writer: HashTreeWriter
    private var running: BackgroundWork<Step>?
    /// Behind the last byte that was read, or is being read.
    private(set) var position = 0

    /// Begins a tree; opens nothing yet.
    ///
    /// - Throws: `VerityError` when there is no such tree.
    init(_ tree: HashTree) throws {
        self.tree = tree
        writer = try tree.writer()
    }

    /// Begins to read what is in place up to a byte, and returns the blocks of the tree that are complete since the last call.
    ///
    /// - Parameter waits: whether to wait for what is being read, and to begin however little is there.
    /// - Throws: `PreallocationError` when the disk does not take or give it; the tree is of no use then.
    mutating func advance(upTo end: Int, waits: Bool) throws -> [Block] {
        if !waits, running?.isDone == false { return [] }
        let blocks = try settle()
        let whole = min(end, tree.start) / VerityTreeLayout.blockSize * VerityTreeLayout.blockSize
        let size = whole - position
        if size >= (waits ? 1 : Self.least) { try begin(position..<(position + min(size, Self.most))) }
        return blocks
    }

    /// Waits for the rest; returns the root hash and the blocks that were not complete.
    ///
    /// - Throws: as `advance`.
    consuming func finish() throws -> (rootHash: [UInt8], blocks: [Block]) {
        var blocks = try settle()
        let rootHash = try writer.finish { blocks.append(Block($0, $1)) }
        return (rootHash, blocks)
    }

    private mutating func begin(_ part: Range<Int>) throws {
        let disk = try disk ?? DiskReading(tree.path)
        self.disk = disk
        position = part.upperBound
        running = BackgroundWork { [writer, salt = tree.salt] in
            var step = Step(writer: writer)
            let digests = try disk.digests(of: part, salt: salt)
            try step.writer.add(digests) { step.blocks.append(Block($0, $1)) }
            return step
        }
    }

    /// Takes what the last step gave.
    private mutating func settle() throws -> [Block] {
        guard var work = running.take() else { return [] }
        let step = try work.value()
        writer = step.writer
        return step.blocks
    }
}
