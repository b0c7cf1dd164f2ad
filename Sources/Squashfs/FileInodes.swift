import CSquashfs

/// Owns the inodes of regular files, which libsquashfs makes and keeps changing while blocks are on their way.
///
/// It keeps the address of each pointer, so the pointers lie in blocks of memory that never move.
@safe
struct FileInodes: ~Copyable {
    /// What libsquashfs keeps the address of.
    typealias Slot = UnsafeMutablePointer<UnsafeMutablePointer<sqfs_inode_generic_t>?>

    private static let blockLength = 4_096
    private var blocks: [Slot] = unsafe []
    private var count = 0

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

    deinit {
        for number in 0..<count { if let inode = unsafe slot(number).pointee { unsafe sqfs_free(inode) } }
        for index in unsafe blocks.indices { unsafe blocks[index].deallocate() }
    }
}
