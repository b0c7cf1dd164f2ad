// The objects of libsquashfs that together write one filesystem, made and dropped in the order that they need each other.
import CSquashfs
import LinuxSystem
import SystemPackage

/// Owns what libsquashfs needs for one filesystem.
@safe
struct SquashfsLibrary: ~Copyable {
    /// The output.
    let output: OutputFile
    /// Cuts data into blocks, compresses and writes them.
    private(set) var processor: OpaquePointer?
    /// Places of the blocks that hold the ends of files.
    private(set) var fragments: OpaquePointer?
    /// Owners and groups.
    private(set) var identities: OpaquePointer?
    /// Extended attributes.
    private(set) var attributes: OpaquePointer?
    /// Compresses metadata.
    private(set) var compressor: UnsafeMutablePointer<sqfs_compressor_t>?
    private var blocks: UnsafeMutablePointer<sqfs_block_writer_t>?
    /// The superblock as far as it is known.
    var superblock = sqfs_super_t()
    private let path: FilePath

    /// Opens the output; nothing else is there yet.
    private init(path: FilePath) throws(SquashfsError) {
        do throws(Errno) { output = try OutputFile(path: path) } catch { throw .file(path, error) }
        self.path = path
    }

    /// Makes all objects and writes a first superblock, which holds the place.
    static func open(_ path: FilePath, _ options: SquashfsOptions) throws(SquashfsError) -> SquashfsLibrary {
        var library = try SquashfsLibrary(path: path)
        try library.makeCompressors(options)
        try library.begin(options)
        try library.makeTables(options)
        return library
    }

    /// Throws when a call did not return 0; what the system said of the file comes first.
    borrowing func check(_ status: Int32) throws(SquashfsError) {
        guard status < 0 else { return }
        if status == SQFS_ERROR_IO.rawValue, let error = output.error { throw .file(path, error) }
        throw .library(path, status)
    }

    /// What an object that could not be made means.
    var outOfMemory: SquashfsError { .library(path, SQFS_ERROR_ALLOC.rawValue) }

    private mutating func makeCompressors(_ options: SquashfsOptions) throws(SquashfsError) {
        var configuration = sqfs_compressor_config_t()
        configuration.id = UInt16(SQFS_COMP_ZSTD.rawValue)
        configuration.block_size = UInt32(clamping: options.blockSize)
        configuration.level = UInt32(clamping: options.level)
        try check(unsafe sqfs_compressor_create(&configuration, &compressor))
    }

    private mutating func begin(_ options: SquashfsOptions) throws(SquashfsError) {
        let block = options.blockSize
        try check(unsafe sqfs_super_init(&superblock, block, options.time, SQFS_COMP_ZSTD))
        try check(unsafe sqfs_super_write(&superblock, output.handle))
        guard let compressor = unsafe compressor, let write = unsafe compressor.pointee.write_options else { return }
        let written = unsafe write(compressor, output.handle)
        try check(written)
        if written > 0 { superblock.flags |= UInt16(SQFS_FLAG_COMPRESSOR_OPTIONS.rawValue) }
    }

    private mutating func makeTables(_ options: SquashfsOptions) throws(SquashfsError) {
        unsafe blocks = unsafe sqfs_block_writer_create(output.handle, Int(SQFS_DEVBLK_SIZE), 0)
        unsafe fragments = unsafe sqfs_frag_table_create(0)
        unsafe identities = unsafe sqfs_id_table_create(0)
        unsafe attributes = unsafe sqfs_xattr_writer_create(0)
        guard unsafe blocks != nil && fragments != nil && identities != nil && attributes != nil else {
            throw outOfMemory
        }
        let threads = Self.threads(options)
        var description = unsafe sqfs_block_processor_desc_t()
        unsafe description.size = UInt32(MemoryLayout<sqfs_block_processor_desc_t>.size)
        unsafe description.max_block_size = UInt32(clamping: options.blockSize)
        unsafe description.num_workers = UInt32(clamping: threads)
        unsafe description.max_backlog = UInt32(clamping: threads * 8)
        unsafe description.cmp = compressor
        unsafe description.wr = blocks
        try check(unsafe sqfs_block_processor_create_ex(&description, &processor))
    }

    private static func threads(_ options: SquashfsOptions) -> Int {
        let processors = min(SpreadWork.processors, options.maximumThreads)
        return max(1, options.threads > 0 ? options.threads : processors)
    }

    deinit {
        // The processor first: its threads use all others.
        unsafe sqfs_destroy(UnsafeMutableRawPointer(processor))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(attributes))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(identities))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(fragments))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(blocks))
        unsafe sqfs_destroy(UnsafeMutableRawPointer(compressor))
    }
}
