// Writes a squashfs out of a stream of entries: data goes to the disk as it comes, the tree follows at the end
// (TreeSerializer.swift).
import CSquashfs
import Cryptography
package import SystemPackage

/// Writes a squashfs, zstd-compressed, whose bytes depend on the entries and their order alone.
///
/// Entries may come in any order, except that a hard link follows its target. Folders that no entry describes are made
/// with mode 0755. Memory grows with the number of entries, not with their content.
@safe
package struct SquashfsWriter: ~Copyable {
    /// The longest name of an entry in bytes: the kernel's NAME_MAX.
    package static let maximumName = 255
    /// The longest target of a symbolic link in bytes: what the kernel reads.
    package static let maximumTarget = 4_095
    /// The size of the result is a multiple of this, so that a hash tree can follow.
    package static let alignment = 4_096

    var library: SquashfsLibrary
    var tree: NodeTable
    var files = FileInodes()
    /// The blocks of small files, as libsquashfs sees them: files of one block each.
    var fragmentFiles = FileInodes()
    /// The small files of the current block.
    var fragments: FragmentBlocks
    /// The current file while it is small.
    var small: SmallFile?
    let blockSize: Int
    let path: FilePath
    private let time: UInt32
    private var isInFile = false

    /// Opens the output, keeping the space that it already has, and begins with an empty root of mode 0755.
    ///
    /// - Throws: `SquashfsError` when the file cannot be opened or written, or the options are out of range.
    package init(path: FilePath, options: SquashfsOptions) throws(SquashfsError) {
        let fragments = try Self.fragments(path, options)
        library = try SquashfsLibrary.open(path, options)
        self.fragments = fragments
        self.path = path
        time = options.time
        blockSize = options.blockSize
        var root = NodeTable.Node(mode: 0o040755)
        root.modified = options.time
        root.links = 2
        tree = NodeTable(root: root)
    }

    private static func fragments(
        _ path: FilePath, _ options: SquashfsOptions
    ) throws(SquashfsError) -> FragmentBlocks {
        do throws(CryptographyError) {
            return try FragmentBlocks(blockSize: options.blockSize)
        } catch { throw .hashing(path, error) }
    }

    /// Adds an entry; a folder that is there gets other attributes.
    ///
    /// - Parameter path: components separated by `/`, relative to the root, which is empty.
    /// - Throws: `SquashfsError` when the name is taken, or squashfs cannot hold such an entry.
    package mutating func add(
        _ entry: SquashfsEntry, at path: [UInt8], _ attributes: SquashfsAttributes
    ) throws(SquashfsError) {
        var node = try node(mode: Self.type(entry), attributes, path)
        switch entry {
        case .directory:
            node.links = 2
            if let index = try existingFolder(path) { return update(index, from: node) }
        case .symbolicLink(let target):
            guard !target.isEmpty, target.count <= Self.maximumTarget, !target.contains(0) else {
                throw .entry(
                    path, "the target of the symbolic link is empty or longer than \(Self.maximumTarget) bytes")
            }
            node.payload = tree.keep(target + [0])
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor):
            guard major < 1 << 12, minor < 1 << 20 else {
                throw .entry(path, "no device has the number \(major):\(minor)")
            }
            // Linux's encoding, new_encode_dev in include/linux/kdev_t.h.
            node.payload = minor & 0xFF | major << 8 | (minor & ~0xFF) << 12
        case .fifo: break
        }
        _ = try append(node, at: path)
    }

    /// Begins a regular file, whose content follows by `write`.
    ///
    /// - Parameter size: how many bytes will follow, which decides in which block they are put.
    /// - Throws: as `add`.
    package mutating func beginFile(
        at path: [UInt8], _ attributes: SquashfsAttributes, size: Int
    ) throws(SquashfsError) {
        guard !isInFile else { throw .order(self.path, "a file begins in another one") }
        var node = try node(mode: 0o100000, attributes, path)
        let slot = files.append()
        node.payload = UInt32(clamping: slot)
        _ = try append(node, at: path)
        if size < blockSize { small = SmallFile(path: path, slot: slot) } else { try begin(slot) }
        isInFile = true
    }

    /// Appends bytes to the current file.
    ///
    /// - Throws: `SquashfsError` when the disk is full or broken, now or for bytes before.
    package mutating func write(_ bytes: Span<UInt8>) throws(SquashfsError) {
        guard isInFile else { throw .order(path, "content comes without a file") }
        if small != nil { try collect(bytes) } else { try stream(bytes) }
    }

    /// Ends the current file.
    ///
    /// - Throws: as `write`.
    package mutating func endFile() throws(SquashfsError) {
        guard isInFile else { throw .order(path, "a file ends that did not begin") }
        isInFile = false
        if let file = small { try end(file) } else { try endBlocks() }
    }

    /// Gives an entry that is no folder another name.
    ///
    /// - Throws: `SquashfsError` when there is no such entry, or the name is taken.
    package mutating func link(_ path: [UInt8], to target: [UInt8]) throws(SquashfsError) {
        guard var index = try find(target), !tree.nodes[index].isDirectory else {
            throw .entry(path, "it is a hard link to '\(String(decoding: target, as: UTF8.self))', which is no file")
        }
        if tree.nodes[index].isLink { index = Int(tree.nodes[index].payload) }
        var node = NodeTable.Node(mode: 0)
        node.payload = UInt32(clamping: index)
        _ = try append(node, at: path)
        tree.nodes[index].links += 1
    }

    /// Writes what is left: the last blocks, the tree and the tables.
    ///
    /// The file then ends where the filesystem does.
    ///
    /// - Returns: its size in bytes, a multiple of `alignment`.
    /// - Throws: as `write`.
    package mutating func finish() throws(SquashfsError) -> Int {
        guard !isInFile else { throw .order(path, "the last file does not end") }
        if let last = fragments.takeLast() { try writeFragment(last) }
        try library.check(unsafe sqfs_block_processor_finish(library.processor))
        try writeTree()
        do throws(Errno) {
            return try library.output.finish(alignment: Self.alignment)
        } catch {
            throw .file(path, error)
        }
    }
}

extension SquashfsWriter {
    private static func type(_ entry: SquashfsEntry) -> UInt16 {
        switch entry {
        case .directory: 0o040000
        case .symbolicLink: 0o120000
        case .characterDevice: 0o020000
        case .blockDevice: 0o060000
        case .fifo: 0o010000
        }
    }

    /// A node with its numbers for owner, group and extended attributes.
    private mutating func node(
        mode: UInt16, _ attributes: SquashfsAttributes, _ path: [UInt8]
    ) throws(SquashfsError) -> NodeTable.Node {
        var node = NodeTable.Node(mode: mode | attributes.permissions & 0o7777)
        node.modified = attributes.modified
        try library.check(unsafe sqfs_id_table_id_to_index(library.identities, attributes.owner, &node.owner))
        try library.check(unsafe sqfs_id_table_id_to_index(library.identities, attributes.group, &node.group))
        guard !attributes.extended.isEmpty else { return node }
        let writer = unsafe library.attributes
        try library.check(unsafe sqfs_xattr_writer_begin(writer, 0))
        for (name, value) in attributes.extended {
            let key = (name + [0]).map { CChar(bitPattern: $0) }
            let status = unsafe value.withUnsafeBytes { value in
                // An empty array may have no address, which the library does not expect.
                unsafe sqfs_xattr_writer_add(
                    writer, key, value.baseAddress ?? UnsafeRawPointer(bitPattern: 1), value.count)
            }
            if status == SQFS_ERROR_UNSUPPORTED.rawValue {
                throw .entry(path, "squashfs has no extended attribute '\(String(decoding: name, as: UTF8.self))'")
            }
            try library.check(status)
        }
        try library.check(unsafe sqfs_xattr_writer_end(writer, &node.attributes))
        return node
    }

    /// The folder at a path, or nil when nothing is there.
    private func existingFolder(_ path: [UInt8]) throws(SquashfsError) -> Int? {
        guard let index = try find(path) else { return nil }
        guard tree.nodes[index].isDirectory else { throw .entry(path, "a file has this name") }
        return index
    }

    private mutating func update(_ index: Int, from node: NodeTable.Node) {
        tree.nodes[index].mode = node.mode
        tree.nodes[index].owner = node.owner
        tree.nodes[index].group = node.group
        tree.nodes[index].modified = node.modified
        tree.nodes[index].attributes = node.attributes
    }

    private func find(_ path: [UInt8]) throws(SquashfsError) -> Int? {
        var index = 0
        for name in path.split(separator: UInt8(ascii: "/")) {
            guard let child = tree.child(name, of: index) else { return nil }
            index = child
        }
        return index
    }

    /// Adds a node below its folder, which is made when missing.
    private mutating func append(_ node: NodeTable.Node, at path: [UInt8]) throws(SquashfsError) -> Int {
        let names = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let last = names.last, !last.isEmpty else { throw .entry(path, "the name is empty") }
        var folder = 0
        for name in names.dropLast() {
            let child =
                if let child = tree.child(name, of: folder) { child } else { try makeFolder(name, in: folder, path) }
            guard tree.nodes[child].isDirectory else { throw .entry(path, "a file stands where its folder should be") }
            folder = child
        }
        try check(last, path)
        guard tree.child(last, of: folder) == nil else { throw .entry(path, "the name is taken") }
        return tree.append(node, last, to: folder)
    }

    private mutating func makeFolder(
        _ name: ArraySlice<UInt8>, in folder: Int, _ path: [UInt8]
    ) throws(SquashfsError) -> Int {
        try check(name, path)
        var node = try node(mode: 0o040000, SquashfsAttributes(permissions: 0o755, modified: time), path)
        node.links = 2
        return tree.append(node, name, to: folder)
    }

    private func check(_ name: ArraySlice<UInt8>, _ path: [UInt8]) throws(SquashfsError) {
        let dots = [[UInt8(ascii: ".")], [UInt8(ascii: "."), UInt8(ascii: ".")]]
        guard !name.isEmpty, !name.contains(0), !dots.contains(Array(name)) else {
            throw .entry(path, "a part of its name is empty, '.', '..' or has a zero byte")
        }
        guard name.count <= Self.maximumName else {
            throw .entry(path, "a part of its name is longer than \(Self.maximumName) bytes")
        }
    }
}
