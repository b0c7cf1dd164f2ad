// Where the blocks of a finished squashfs lie. Its inodes and its fragment table say so.
import CSquashfs
package import SystemPackage

/// Finds the compressed blocks of a squashfs.
@safe
package struct SquashfsBlocks: ~Copyable {
    /// Says where they lie.
    package struct Layout: Equatable, Sendable {
        /// Bytes of content in a block at most.
        package var blockSize: Int
        /// Where blocks begin and end and where the filesystem ends, not sorted; may have places more than once.
        package var places: [Int]
    }

    private let file: UnsafeMutablePointer<sqfs_file_t>?
    private var decompressor: UnsafeMutablePointer<sqfs_compressor_t>?
    private var superblock = sqfs_super_t()
    private let path: FilePath
    private var places: [Int] = []

    /// Reads the layout of a squashfs, which may have other bytes behind it.
    ///
    /// - Throws: `SquashfsError` when it cannot be read, is damaged, or is no squashfs.
    package static func layout(of path: FilePath) throws(SquashfsError) -> Layout {
        var blocks = try SquashfsBlocks(path)
        try blocks.readFragments()
        try blocks.readInodes()
        let used = Int(clamping: blocks.superblock.bytes_used)
        let rest = (SquashfsWriter.alignment - used % SquashfsWriter.alignment) % SquashfsWriter.alignment
        blocks.add(blocks.superblock.inode_table_start, 0)
        blocks.add(blocks.superblock.bytes_used, UInt32(clamping: rest))
        return Layout(blockSize: Int(blocks.superblock.block_size), places: blocks.places)
    }

    private init(_ path: FilePath) throws(SquashfsError) {
        self.path = path
        unsafe file = unsafe sqfs_open_file(path.string, UInt32(SQFS_FILE_OPEN_READ_ONLY.rawValue))
        guard let file = unsafe file else { throw .library(path, SQFS_ERROR_IO.rawValue) }
        try check(unsafe sqfs_super_read(&superblock, file))
        var configuration = sqfs_compressor_config_t()
        configuration.id = superblock.compression_id
        configuration.block_size = superblock.block_size
        configuration.level = 1
        configuration.flags = UInt16(SQFS_COMP_FLAG_UNCOMPRESS.rawValue)
        try check(unsafe sqfs_compressor_create(&configuration, &decompressor))
    }

    private func check(_ status: Int32) throws(SquashfsError) {
        guard status < 0 else { return }
        throw .library(path, status)
    }

    /// Notes a block; places that no file can have are left out.
    private mutating func add(_ start: UInt64, _ length: UInt32) {
        guard let start = Int(exactly: start) else { return }
        let (end, overflow) = start.addingReportingOverflow(Int(length))
        guard !overflow else { return }
        places.append(start)
        if length > 0 { places.append(end) }
    }

    private mutating func readFragments() throws(SquashfsError) {
        guard let table = unsafe sqfs_frag_table_create(0) else { throw .library(path, SQFS_ERROR_ALLOC.rawValue) }
        defer { unsafe sqfs_destroy(UnsafeMutableRawPointer(table)) }
        try check(unsafe sqfs_frag_table_read(table, file, &superblock, decompressor))
        for index in 0..<(unsafe sqfs_frag_table_get_size(table)) {
            var fragment = sqfs_fragment_t()
            try check(unsafe sqfs_frag_table_lookup(table, UInt32(clamping: index), &fragment))
            add(fragment.start_offset, fragment.size & Self.sizeMask)
        }
    }

    /// Bits of a block's size; the one above them says that it is not compressed.
    private static let sizeMask: UInt32 = (1 << 24) - 1

    private mutating func readInodes() throws(SquashfsError) {
        let (start, end) = (superblock.inode_table_start, superblock.directory_table_start)
        guard let reader = unsafe sqfs_meta_reader_create(file, decompressor, start, end) else {
            throw .library(path, SQFS_ERROR_ALLOC.rawValue)
        }
        defer { unsafe sqfs_destroy(UnsafeMutableRawPointer(reader)) }
        var (block, offset) = (start, 0)
        for _ in 0..<superblock.inode_count {
            var inode: UnsafeMutablePointer<sqfs_inode_generic_t>?
            guard block >= start else { throw .library(path, SQFS_ERROR_CORRUPTED.rawValue) }
            try check(unsafe sqfs_meta_reader_read_inode(reader, &superblock, block - start, offset, &inode))
            if let inode = unsafe inode {
                unsafe addBlocks(of: inode)
                unsafe sqfs_free(inode)
            }
            unsafe sqfs_meta_reader_get_position(reader, &block, &offset)
        }
    }

    private mutating func addBlocks(of inode: UnsafeMutablePointer<sqfs_inode_generic_t>) {
        let type = UInt32(unsafe inode.pointee.base.type)
        guard type == SQFS_INODE_FILE.rawValue || type == SQFS_INODE_EXT_FILE.rawValue else { return }
        var place: UInt64 = 0
        guard unsafe sqfs_inode_get_file_block_start(inode, &place) == 0 else { return }
        for number in 0..<(unsafe sqfs_inode_get_file_block_count(inode)) {
            let size = unsafe inode.blockSize(Int(number)) & Self.sizeMask
            // Blocks of zeros are not stored.
            if size > 0 { add(place, size) }
            let (next, overflow) = place.addingReportingOverflow(UInt64(size))
            guard !overflow else { return }
            place = next
        }
    }

    deinit {
        unsafe sqfs_destroy(UnsafeMutableRawPointer(decompressor))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(file))
    }
}
