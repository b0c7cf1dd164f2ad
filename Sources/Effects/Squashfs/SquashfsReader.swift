// Reads the files of a finished squashfs one after the other, as an archive, to look at them.
import CSquashfs
import Glibc
package import SystemPackage

/// Walks through a squashfs, depth first, names in the order of its folders.
@safe
package struct SquashfsReader: ~Copyable {
    /// One file of it.
    ///
    /// Each name of a file that has several is a file of its own.
    package struct Entry: Equatable, Sendable {
        /// Its path without leading slash; empty for the root.
        package var path: [UInt8]
        /// What it is, with its target when it is a link, its bytes when it is a file.
        package var kind: Kind
        /// The twelve permission bits.
        package var permissions: UInt16
    }

    /// What kind of file it is.
    package enum Kind: Equatable, Sendable {
        /// A regular file of that many bytes.
        case file(size: Int)
        /// A folder.
        case directory
        /// A symbolic link with its target.
        case link(target: [UInt8])
        /// A device, a pipe, a socket.
        case other
    }

    typealias Inode = UnsafeMutablePointer<sqfs_inode_generic_t>

    private let path: FilePath
    let file: UnsafeMutablePointer<sqfs_file_t>?
    private(set) var decompressor: UnsafeMutablePointer<sqfs_compressor_t>?
    // The folder reader keeps its address.
    let superblock: UnsafeMutablePointer<sqfs_super_t>
    private var folders: OpaquePointer?
    private var content: OpaquePointer?
    /// What is still to be visited, the next one last.
    private var pending: [(path: [UInt8], inode: Inode)] = unsafe []
    private(set) var current: Inode?
    private var offset: UInt64 = 0

    /// Opens a squashfs, which may have other bytes behind it.
    ///
    /// - Throws: `SquashfsError` when it cannot be read, is damaged, or is no squashfs.
    package init(path: FilePath) throws(SquashfsError) {
        self.path = path
        unsafe superblock = .allocate(capacity: 1)
        unsafe superblock.initialize(to: sqfs_super_t())
        unsafe file = unsafe sqfs_open_file(path.string, UInt32(SQFS_FILE_OPEN_READ_ONLY.rawValue))
        guard let file = unsafe file else { throw .library(path, SQFS_ERROR_IO.rawValue) }
        try check(unsafe sqfs_super_read(superblock, file))
        let compression = unsafe SQFS_COMPRESSOR(UInt32(superblock.pointee.compression_id))
        let blockSize = Int(unsafe superblock.pointee.block_size)
        var configuration = sqfs_compressor_config_t()
        try check(
            unsafe sqfs_compressor_config_init(
                &configuration, compression, blockSize, UInt16(SQFS_COMP_FLAG_UNCOMPRESS.rawValue)))
        try check(unsafe sqfs_compressor_create(&configuration, &decompressor))
        unsafe folders = unsafe sqfs_dir_reader_create(superblock, decompressor, file, 0)
        unsafe content = unsafe sqfs_data_reader_create(file, blockSize, decompressor, 0)
        guard let folders = unsafe folders, let content = unsafe content else {
            throw .library(path, SQFS_ERROR_ALLOC.rawValue)
        }
        try check(unsafe sqfs_data_reader_load_fragment_table(content, superblock))
        var root: Inode?
        try check(unsafe sqfs_dir_reader_get_root_inode(folders, &root))
        if let root = unsafe root { unsafe pending = [([], root)] }
    }

    func check(_ status: Int32) throws(SquashfsError) {
        guard status < 0 else { return }
        throw .library(path, status)
    }

    /// Goes to the next file; nil at the end.
    ///
    /// - Throws: `SquashfsError` when it is damaged.
    package mutating func next() throws(SquashfsError) -> Entry? {
        unsafe sqfs_free(current)
        unsafe current = nil
        offset = 0
        guard let (path, inode) = unsafe pending.popLast() else { return nil }
        unsafe current = unsafe inode
        let kind = try unsafe kind(of: inode)
        if kind == .directory { try unsafe push(path, inode) }
        return Entry(path: path, kind: kind, permissions: unsafe inode.pointee.base.mode & 0o7777)
    }

    /// Reads content of the current file into the buffer; 0 at its end.
    ///
    /// The corresponding C function is `sqfs_data_reader_read`.
    ///
    /// - Throws: `SquashfsError` when it is damaged.
    package mutating func read(into buffer: inout [UInt8]) throws(SquashfsError) -> Int {
        guard let inode = unsafe current, case .file = try unsafe kind(of: inode) else { return 0 }
        let (content, offset) = unsafe (content, offset)
        let count = unsafe buffer.withUnsafeMutableBytes { memory in
            unsafe sqfs_data_reader_read(content, inode, offset, memory.baseAddress, UInt32(clamping: memory.count))
        }
        try check(count)
        self.offset += UInt64(count)
        return Int(count)
    }

    func kind(of inode: Inode) throws(SquashfsError) -> Kind {
        switch UInt32(unsafe inode.pointee.base.mode) & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG:
            var size: UInt64 = 0
            try check(unsafe sqfs_inode_get_file_size(inode, &size))
            return .file(size: Int(clamping: size))
        case S_IFLNK:
            // The target lies behind the inode's numbers, in both forms of it.
            let length = Int(unsafe inode.pointee.data.slink.target_size)
            let target = unsafe UnsafeRawPointer(inode).advanced(by: MemoryLayout<sqfs_inode_generic_t>.size)
            return .link(target: unsafe Array(UnsafeRawBufferPointer(start: target, count: length)))
        default: return .other
        }
    }

    /// Puts what a folder holds before all else that is still to be visited.
    private mutating func push(_ folder: [UInt8], _ inode: Inode) throws(SquashfsError) {
        guard let folders = unsafe folders else { return }
        try check(unsafe sqfs_dir_reader_open_dir(folders, inode, 0))
        let first = unsafe pending.count
        while true {
            var entry: UnsafeMutablePointer<sqfs_dir_entry_t>?
            let status = unsafe sqfs_dir_reader_read(folders, &entry)
            try check(status)
            guard status == 0, let entry = unsafe entry else { break }
            defer { unsafe sqfs_free(entry) }
            var child: Inode?
            try check(unsafe sqfs_dir_reader_get_inode(folders, &child))
            guard let child = unsafe child else { continue }
            let name = unsafe Self.name(of: entry)
            unsafe pending.append((folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name, child))
        }
        unsafe pending[first...].reverse()
    }

    /// The name stands behind the entry's numbers; its length is stored less one.
    private static func name(of entry: UnsafeMutablePointer<sqfs_dir_entry_t>) -> [UInt8] {
        let start = unsafe UnsafeRawPointer(entry).advanced(by: MemoryLayout<sqfs_dir_entry_t>.size)
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(entry.pointee.size) + 1))
    }

    deinit {
        unsafe sqfs_free(current)
        unsafe pending.forEach { unsafe sqfs_free($0.inode) }
        unsafe sqfs_destroy(UnsafeMutableRawPointer(content))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(folders))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(decompressor))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(file))
        unsafe superblock.deallocate()
    }
}
