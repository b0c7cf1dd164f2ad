// The tree while files stream past it. A squashfs has its inodes and directories behind all data, so they are kept until
// the end: some 55 bytes and the name for each entry, in arrays without a heap object of their own per entry.

/// Holds the entries of a tree by number; 0 is the root.
struct NodeTable {
    /// One name in the tree.
    struct Node {
        /// Type and permissions as in `st_mode`; type 0 is a further name of another node.
        var mode: UInt16
        /// Bytes of the name.
        var nameLength: UInt16 = 0
        /// Where the name begins in the pool.
        var name: UInt32 = 0
        /// Index of the owner in the table of ids.
        var owner: UInt16 = 0
        /// Index of the group.
        var group: UInt16 = 0
        /// Seconds since 1970.
        var modified: UInt32 = 0
        /// Number of the set of extended attributes.
        var attributes: UInt32 = NodeTable.none
        /// The folder that holds it; the root holds itself.
        var parent: UInt32 = 0
        /// First child of a folder.
        var firstChild: UInt32 = NodeTable.none
        /// Next child of the same folder.
        var sibling: UInt32 = NodeTable.none
        /// Names of it; for a folder 2 and one for each folder in it.
        var links: UInt32 = 1
        /// Device number, slot of the file's inode, place of a link's target, or the node that it is another name of.
        var payload: UInt32 = 0
        /// Its number in the filesystem, from 1 on; 0 until it is given.
        var number: UInt32 = 0
        /// Where its inode lies, as squashfs writes references; 0 until it is written.
        var reference: UInt64 = 0

        /// The file type bits.
        var type: UInt16 { mode & 0o170000 }
        /// Whether it is a folder.
        var isDirectory: Bool { type == 0o040000 }
        /// Whether it is a further name of another node.
        var isLink: Bool { type == 0 }
    }

    /// Stands for no node and no attributes.
    static let none = UInt32.max

    /// All nodes, in the order of their arrival.
    var nodes: [Node]
    /// Names and targets of symbolic links, one behind the other.
    private(set) var pool: [UInt8] = []
    /// Finds nodes by folder and name: open addressing, numbers of nodes.
    private var slots = [UInt32](repeating: none, count: 1 << 10)

    /// Begins with a root.
    init(root: Node) { nodes = [root] }

    /// The bytes of a node's name.
    func name(_ index: Int) -> ArraySlice<UInt8> {
        let start = Int(nodes[index].name)
        return pool[start..<(start + Int(nodes[index].nameLength))]
    }

    /// Keeps bytes and returns where.
    mutating func keep(_ bytes: some Collection<UInt8>) -> UInt32 {
        pool += bytes
        return UInt32(clamping: pool.count - bytes.count)
    }

    /// The child of that name; nil when there is none.
    func child(_ name: ArraySlice<UInt8>, of parent: Int) -> Int? {
        var slot = self.slot(name, parent)
        while slots[slot] != Self.none {
            let index = Int(slots[slot])
            if Int(nodes[index].parent) == parent, self.name(index) == name { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a child whose name is not there yet and returns its number.
    mutating func append(_ node: Node, _ name: ArraySlice<UInt8>, to parent: Int) -> Int {
        if nodes.count * 2 > slots.count { grow() }
        var node = node
        node.name = keep(name)
        node.nameLength = UInt16(clamping: name.count)
        node.parent = UInt32(clamping: parent)
        node.sibling = nodes[parent].firstChild
        nodes.append(node)
        let index = nodes.count - 1
        nodes[parent].firstChild = UInt32(clamping: index)
        if node.isDirectory { nodes[parent].links += 1 }
        insert(index)
        return index
    }

    /// The children of a folder in the order of their names' bytes.
    func children(_ folder: Int) -> [Int] {
        var children: [Int] = []
        var next = nodes[folder].firstChild
        while next != Self.none {
            children.append(Int(next))
            next = nodes[Int(next)].sibling
        }
        return children.sorted { name($0).lexicographicallyPrecedes(name($1)) }
    }

    private func slot(_ name: ArraySlice<UInt8>, _ parent: Int) -> Int {
        // Seeded anew by each process, so that no archive can be made to collide.
        var hasher = Hasher()
        hasher.combine(parent)
        unsafe name.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize() & (slots.count - 1)
    }

    private mutating func insert(_ index: Int) {
        var slot = self.slot(name(index), Int(nodes[index].parent))
        while slots[slot] != Self.none { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(clamping: index)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: Self.none, count: slots.count * 2)
        for index in nodes.indices.dropFirst() { insert(index) }
    }
}
