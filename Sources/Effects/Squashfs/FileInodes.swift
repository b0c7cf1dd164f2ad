import CSquashfs
import Glibc

/// Owns the inodes of regular files, which libsquashfs makes and keeps changing while blocks are on their way.
///
/// It keeps the address of each pointer, so the pointers lie in blocks of memory that never move.
@safe
struct FileInodes: ~Copyable {
    /// What libsquashfs keeps the address of.
    typealias Slot = UnsafeMutablePointer<UnsafeMutablePointer<sqfs_inode_generic_t>?>

    private static let blockLength = 4_096
    private var blocks: [Slot] = unsafe []
    /// Number of slots.
    private(set) var count = 0

    /// Adds a slot and returns its number.
    mutating func append() -> Int {
        if unsafe count == blocks.count * Self.blockLength {
            let block = Slot.allocate(capacity: Self.blockLength)
            unsafe block.initialize(repeating: nil, count: Self.blockLength)
            unsafe blocks.append(block)
        }
        count += 1
        return count - 1
    }

    /// The slot of that number.
    borrowing func slot(_ number: Int) -> Slot {
        unsafe blocks[number / Self.blockLength] + number % Self.blockLength
    }

    /// Fills a slot with the inode of a file that lies in a shared block.
    ///
    /// - Returns: whether there was memory.
    func fill(_ number: Int, size: Int, _ place: FragmentBlocks.Place) -> Bool {
        guard let memory = unsafe calloc(1, MemoryLayout<sqfs_inode_generic_t>.size) else { return false }
        let inode = unsafe memory.assumingMemoryBound(to: sqfs_inode_generic_t.self)
        unsafe inode.pointee.base.type = UInt16(SQFS_INODE_FILE.rawValue)
        unsafe sqfs_inode_set_file_size(inode, UInt64(size))
        unsafe sqfs_inode_set_frag_location(inode, place.block, place.offset)
        unsafe slot(number).pointee = unsafe inode
        return true
    }

    /// Where the only block of a file is and how long, the bit for uncompressed ones included; nil while it is not written.
    func singleBlock(_ number: Int) -> (start: UInt64, size: UInt32)? {
        var start: UInt64 = 0
        guard let inode = unsafe slot(number).pointee, unsafe sqfs_inode_get_file_block_start(inode, &start) == 0,
            unsafe sqfs_inode_get_file_block_count(inode) == 1
        else { return nil }
        return (start, unsafe inode.blockSize(0))
    }

    deinit {
        for number in 0..<count { if let inode = unsafe slot(number).pointee { unsafe sqfs_free(inode) } }
        for index in unsafe blocks.indices { unsafe blocks[index].deallocate() }
    }
}

extension UnsafeMutablePointer<sqfs_inode_generic_t> {
    /// The stored size of a block of a file, with the bit that says that it is not compressed; the file must have it.
    func blockSize(_ number: Int) -> UInt32 {
        // The sizes lie where the C structure has its flexible member.
        let sizes = unsafe UnsafeRawPointer(self) + MemoryLayout<sqfs_inode_generic_t>.size
        return unsafe sizes.load(fromByteOffset: number * 4, as: UInt32.self)
    }
}
