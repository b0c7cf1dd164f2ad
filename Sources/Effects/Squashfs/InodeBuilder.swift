import CSquashfs
import Glibc

/// Makes the inode of an entry that is no folder; lives no longer than the tree.
@safe
struct InodeBuilder {
    private let node: NodeTable.Node
    private let target: ArraySlice<UInt8>
    private let slot: FileInodes.Slot?

    init(_ node: NodeTable.Node, _ tree: NodeTable, _ files: borrowing FileInodes) {
        self.node = node
        target = node.type == 0o120000 ? tree.pool[Int(node.payload)...].prefix { $0 != 0 } : []
        unsafe slot = node.type == 0o100000 ? unsafe files.slot(Int(node.payload)) : nil
    }

    /// The inode, to be freed by `sqfs_free`; nil when there is no memory.
    func inode() -> UnsafeMutablePointer<sqfs_inode_generic_t>? {
        guard let inode = unsafe node.type == 0o100000 ? file() : special() else { return nil }
        if node.attributes != NodeTable.none {
            unsafe sqfs_inode_set_xattr_index(inode, node.attributes)
        }
        return unsafe inode
    }

    /// Takes over the inode that the block processor made.
    private func file() -> UnsafeMutablePointer<sqfs_inode_generic_t>? {
        guard let slot = unsafe slot, let inode = unsafe slot.pointee else { return nil }
        unsafe slot.pointee = nil
        if node.links > 1 {
            unsafe sqfs_inode_make_extended(inode)
            unsafe inode.pointee.data.file_ext.nlink = node.links
        } else {
            unsafe sqfs_inode_make_basic(inode)
        }
        return unsafe inode
    }

    private func special() -> UnsafeMutablePointer<sqfs_inode_generic_t>? {
        let length = MemoryLayout<sqfs_inode_generic_t>.size
        guard let memory = unsafe calloc(1, length + target.count) else { return nil }
        let inode = unsafe memory.assumingMemoryBound(to: sqfs_inode_generic_t.self)
        switch node.type {
        case 0o120000:
            unsafe inode.pointee.base.type = UInt16(SQFS_INODE_SLINK.rawValue)
            unsafe inode.pointee.data.slink.nlink = node.links
            unsafe inode.pointee.data.slink.target_size = UInt32(clamping: target.count)
            // The target lies where the C structure has its flexible member.
            unsafe target.withUnsafeBytes {
                unsafe (memory + length).copyMemory(
                    from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count)
            }
        case 0o010000:
            unsafe inode.pointee.base.type = UInt16(SQFS_INODE_FIFO.rawValue)
            unsafe inode.pointee.data.ipc.nlink = node.links
        default:
            let type = node.type == 0o060000 ? SQFS_INODE_BDEV : SQFS_INODE_CDEV
            unsafe inode.pointee.base.type = UInt16(type.rawValue)
            unsafe inode.pointee.data.dev.nlink = node.links
            unsafe inode.pointee.data.dev.devno = node.payload
        }
        return unsafe inode
    }
}
