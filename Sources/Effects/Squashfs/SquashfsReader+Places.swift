// Where the content of files lies: which stored blocks hold it.
import CSquashfs
package import ImageModel

/// Says which stored blocks hold a file.
package struct FilePlaces: Equatable, Sendable {
    /// The blocks of its own, in order; nil for one of zeros, which is not stored.
    package var blocks: [StoredBlock?] = []
    /// The block that holds its end together with those of other files; nil when there is none.
    package var shared: StoredBlock?
}

extension SquashfsReader {
    /// Bytes of content in a block at most.
    package var blockSize: Int { Int(unsafe superblock.pointee.block_size) }

    /// The blocks that hold the ends of files, by their number.
    ///
    /// - Throws: `SquashfsError` when the filesystem is damaged.
    package borrowing func sharedBlocks() throws(SquashfsError) -> [StoredBlock] {
        let table = unsafe sqfs_frag_table_create(0)
        try check(unsafe table == nil ? SQFS_ERROR_ALLOC.rawValue : 0)
        defer { unsafe sqfs_destroy(UnsafeMutableRawPointer(table)) }
        try check(unsafe sqfs_frag_table_read(table, file, superblock, decompressor))
        var blocks: [StoredBlock] = []
        for index in 0..<(unsafe sqfs_frag_table_get_size(table)) {
            var fragment = sqfs_fragment_t()
            try check(unsafe sqfs_frag_table_lookup(table, UInt32(clamping: index), &fragment))
            blocks.append(Self.block(at: fragment.start_offset, size: fragment.size))
        }
        return blocks
    }

    /// Where the current file lies; nothing for what is no file.
    ///
    /// - Parameter shared: what `sharedBlocks` says.
    /// - Throws: `SquashfsError` when the filesystem is damaged.
    package borrowing func places(shared: [StoredBlock]) throws(SquashfsError) -> FilePlaces {
        var places = FilePlaces()
        guard let inode = unsafe current, case .file = try unsafe kind(of: inode) else { return places }
        var start: UInt64 = 0
        try check(unsafe sqfs_inode_get_file_block_start(inode, &start))
        for number in 0..<(unsafe sqfs_inode_get_file_block_count(inode)) {
            let block = Self.block(at: start, size: unsafe inode.blockSize(Int(number)))
            places.blocks.append(block.length > 0 ? block : nil)
            start &+= UInt64(block.length)
        }
        var (number, offset) = (UInt32(0), UInt32(0))
        try check(unsafe sqfs_inode_get_frag_location(inode, &number, &offset))
        if Int(number) < shared.count { places.shared = shared[Int(number)] }
        return places
    }

    /// The bit above a block's size says that it is not compressed.
    private static func block(at start: UInt64, size: UInt32) -> StoredBlock {
        StoredBlock(
            offset: Int(clamping: start), length: Int(size & ((1 << 24) - 1)), isCompressed: size & (1 << 24) == 0)
    }
}
