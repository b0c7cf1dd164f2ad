// The end of a squashfs: inodes, directories and tables, in the order that the format asks for.
import CSquashfs

extension SquashfsWriter {
    /// Writes inodes, directories, tables and the final superblock behind the data.
    mutating func writeTree() throws(SquashfsError) {
        let order = numbered()
        library.superblock.inode_count = UInt32(clamping: order.count)
        library.superblock.inode_table_start = library.output.size
        let writers = try MetadataWriters(library)
        for index in order { try write(index, writers) }
        try library.check(unsafe sqfs_meta_writer_flush(writers.inodes))
        try library.check(unsafe sqfs_meta_writer_flush(writers.directories))
        library.superblock.root_inode_ref = tree.nodes[0].reference
        library.superblock.directory_table_start = library.output.size
        try library.check(unsafe sqfs_meta_write_write_to_file(writers.directories))
        try writeTables()
    }

    private mutating func writeTables() throws(SquashfsError) {
        let (file, compressor) = unsafe (library.output.handle, library.compressor)
        try fillFragmentTable()
        var block = library.superblock
        try library.check(unsafe sqfs_frag_table_write(library.fragments, file, &block, compressor))
        try library.check(unsafe sqfs_id_table_write(library.identities, file, &block, compressor))
        try library.check(unsafe sqfs_xattr_writer_flush(library.attributes, file, &block, compressor))
        block.bytes_used = library.output.size
        try library.check(unsafe sqfs_super_write(&block, file))
        library.superblock = block
    }

    /// Gives each inode its number and returns them in the order of writing: what a folder holds comes before it, and
    /// what is no folder side by side with its neighbours.
    private mutating func numbered() -> [Int] {
        var order: [Int] = []
        var pending: [(folder: Int, children: [Int], isOpen: Bool)] = [(0, tree.children(0), false)]
        while let (folder, children, isOpen) = pending.popLast() {
            if !isOpen {
                pending.append((folder, children, true))
                let folders = children.filter { tree.nodes[$0].isDirectory }
                for child in folders.reversed() { pending.append((child, tree.children(child), false)) }
                continue
            }
            for child in children where !tree.nodes[child].isDirectory { number(inode(of: child), &order) }
            number(folder, &order)
        }
        return order
    }

    private mutating func number(_ index: Int, _ order: inout [Int]) {
        guard tree.nodes[index].number == 0 else { return }
        order.append(index)
        tree.nodes[index].number = UInt32(clamping: order.count)
    }

    /// The node whose inode a name leads to.
    private func inode(of index: Int) -> Int { tree.nodes[index].isLink ? Int(tree.nodes[index].payload) : index }

    private mutating func write(_ index: Int, _ writers: borrowing MetadataWriters) throws(SquashfsError) {
        let node = tree.nodes[index]
        let inode =
            node.isDirectory
            ? try unsafe directoryInode(index, writers) : unsafe InodeBuilder(node, tree, files).inode()
        guard let inode = unsafe inode else { throw library.outOfMemory }
        defer { unsafe sqfs_free(inode) }
        unsafe inode.pointee.base.mode = node.mode
        unsafe inode.pointee.base.uid_idx = node.owner
        unsafe inode.pointee.base.gid_idx = node.group
        unsafe inode.pointee.base.mod_time = node.modified
        unsafe inode.pointee.base.inode_number = node.number
        var start: UInt64 = 0
        var offset: UInt32 = 0
        unsafe sqfs_meta_writer_get_position(writers.inodes, &start, &offset)
        tree.nodes[index].reference = start << 16 | UInt64(offset)
        try library.check(unsafe sqfs_meta_writer_write_inode(writers.inodes, inode))
    }

    private func directoryInode(
        _ index: Int, _ writers: borrowing MetadataWriters
    ) throws(SquashfsError) -> UnsafeMutablePointer<sqfs_inode_generic_t>? {
        try library.check(unsafe sqfs_dir_writer_begin(writers.listings, 0))
        for child in tree.children(index) {
            let target = tree.nodes[inode(of: child)]
            let name = tree.name(child).map { CChar(bitPattern: $0) } + [0]
            try library.check(
                unsafe sqfs_dir_writer_add_entry(
                    writers.listings, name, target.number, target.reference, target.mode))
        }
        try library.check(unsafe sqfs_dir_writer_end(writers.listings))
        let node = tree.nodes[index]
        let parent = index == 0 ? 0 : tree.nodes[Int(node.parent)].number
        let inode = unsafe sqfs_dir_writer_create_inode(writers.listings, 0, node.attributes, parent)
        guard let inode = unsafe inode else { return nil }
        if unsafe inode.pointee.base.type == UInt16(SQFS_INODE_DIR.rawValue) {
            unsafe inode.pointee.data.dir.nlink = node.links
        } else {
            unsafe inode.pointee.data.dir_ext.nlink = node.links
        }
        return unsafe inode
    }
}

/// Owns the writers of the inode table and of the directory table, which is kept in memory, compressed, until its place
/// is known.
@safe
struct MetadataWriters: ~Copyable {
    /// Writes inodes to the file.
    let inodes: OpaquePointer
    /// Collects directories.
    let directories: OpaquePointer
    /// Writes the entries of one directory after the other.
    let listings: OpaquePointer

    init(_ library: borrowing SquashfsLibrary) throws(SquashfsError) {
        let (file, compressor) = unsafe (library.output.handle, library.compressor)
        let inodes = unsafe sqfs_meta_writer_create(file, compressor, 0)
        let flag = UInt32(SQFS_META_WRITER_KEEP_IN_MEMORY.rawValue)
        let directories = unsafe sqfs_meta_writer_create(file, compressor, flag)
        let listings = unsafe directories.flatMap { unsafe sqfs_dir_writer_create($0, 0) }
        guard let inodes = unsafe inodes, let directories = unsafe directories, let listings = unsafe listings else {
            unsafe sqfs_destroy(UnsafeMutableRawPointer(inodes))
            unsafe sqfs_destroy(UnsafeMutableRawPointer(directories))
            throw library.outOfMemory
        }
        unsafe self.inodes = unsafe inodes
        unsafe self.directories = unsafe directories
        unsafe self.listings = unsafe listings
    }

    deinit {
        unsafe sqfs_destroy(UnsafeMutableRawPointer(listings))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(directories))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(inodes))
    }
}
