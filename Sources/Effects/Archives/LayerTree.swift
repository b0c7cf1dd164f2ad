// The merged tree while layers pass by. It holds every name of every layer, so it is kept in arrays, without a heap object
// of its own for each name: some 45 bytes and the name.

/// Holds the names of a tree by number; 0 is the root.
struct LayerTree {
    /// A name in the merged tree.
    struct Node {
        /// Layer of the entry that the name leads to; -1 for a folder that no entry described.
        var originLayer: Int32 = -1
        /// Index of that entry in its layer.
        var originOrdinal: Int32 = -1
        /// The layer that put the name there.
        var layer: Int32
        /// The folder that holds it.
        var parent: UInt32 = 0
        /// First child of a folder, live or not.
        var firstChild: UInt32 = LayerTree.none
        /// Next child of the same folder.
        var sibling: UInt32 = LayerTree.none
        /// Children that were not removed.
        var liveChildren: UInt32 = 0
        /// Where the name begins in the pool; the target of a symbolic link follows it.
        var name: UInt32 = 0
        /// Bytes of the name.
        var nameLength: UInt16 = 0
        /// Bytes of the target of a symbolic link.
        var targetLength: UInt16 = 0
        /// Whether it is a symbolic link.
        var isLink = false
        /// Whether it is a folder.
        var isDirectory: Bool
        /// Whether its path is the one that its entry has.
        var isPlain = true
        /// Whether it was removed or replaced.
        var isRemoved = false

        /// The place of its entry; nil when there is none.
        var origin: LayerMerge.Position? {
            get { originLayer < 0 ? nil : .init(layer: Int(originLayer), ordinal: Int(originOrdinal)) }
            set {
                originLayer = newValue.map { Int32(clamping: $0.layer) } ?? -1
                originOrdinal = newValue.map { Int32(clamping: $0.ordinal) } ?? -1
            }
        }
    }

    private static let none = UInt32.max

    /// All nodes, in the order of their arrival.
    var nodes = [Node(layer: 0, isDirectory: true)]
    /// How many names were removed or replaced so far.
    private(set) var removals = 0
    private var pool: [UInt8] = []
    /// Finds nodes by folder and name: open addressing, the last node of each name.
    private var slots = [UInt32](repeating: none, count: 1 << 10)
    private var used = 0

    /// The bytes of a node's name.
    func name(_ index: Int) -> ArraySlice<UInt8> {
        let start = Int(nodes[index].name)
        return pool[start..<(start + Int(nodes[index].nameLength))]
    }

    /// The target of a symbolic link; nil for others.
    func target(_ index: Int) -> ArraySlice<UInt8>? {
        guard nodes[index].isLink else { return nil }
        let start = Int(nodes[index].name) + Int(nodes[index].nameLength)
        return pool[start..<(start + Int(nodes[index].targetLength))]
    }

    /// The child of that name; nil when there is none.
    func child(_ name: [UInt8], of folder: Int) -> Int? {
        let index = slots[slot(name[...], folder)]
        return index == Self.none || nodes[Int(index)].isRemoved ? nil : Int(index)
    }

    /// The children of a folder that were not removed.
    func children(_ folder: Int) -> [Int] {
        var children: [Int] = []
        var next = nodes[folder].firstChild
        while next != Self.none {
            if !nodes[Int(next)].isRemoved { children.append(Int(next)) }
            next = nodes[Int(next)].sibling
        }
        return children
    }

    /// Bytes of a folder's path with a slash behind each name; 0 for the root.
    func pathLength(of folder: Int) -> Int {
        var length = 0
        var next = folder
        while next != 0 {
            length += Int(nodes[next].nameLength) + 1
            next = Int(nodes[next].parent)
        }
        return length
    }

    /// Takes the children that were removed out of a folder's list.
    mutating func forgetRemoved(in folder: Int) {
        let live = children(folder)
        nodes[folder].firstChild = Self.none
        for child in live.reversed() {
            nodes[child].sibling = nodes[folder].firstChild
            nodes[folder].firstChild = UInt32(clamping: child)
        }
    }

    /// Adds a child, in the place of one of the same name, and returns its number.
    @discardableResult
    mutating func append(_ node: Node, _ name: [UInt8], to folder: Int, target: [UInt8]? = nil) -> Int {
        if let old = child(name, of: folder) { remove(old) }
        if used * 2 > slots.count { grow() }
        var node = node
        node.name = UInt32(clamping: pool.count)
        node.nameLength = UInt16(clamping: name.count)
        node.isLink = target != nil
        node.targetLength = UInt16(clamping: target?.count ?? 0)
        pool += name + (target ?? [])
        node.parent = UInt32(clamping: folder)
        node.sibling = nodes[folder].firstChild
        nodes.append(node)
        nodes[folder].firstChild = UInt32(clamping: nodes.count - 1)
        nodes[folder].liveChildren += 1
        let slot = self.slot(name[...], folder)
        if slots[slot] == Self.none { used += 1 }
        slots[slot] = UInt32(clamping: nodes.count - 1)
        return nodes.count - 1
    }

    /// Removes a name with all below it.
    mutating func remove(_ index: Int) {
        removals += 1
        nodes[index].isRemoved = true
        nodes[Int(nodes[index].parent)].liveChildren -= 1
    }

    /// Takes the memory that so many names need at once: growing takes twice as much for a moment.
    ///
    /// - Parameter bytes: bytes of all names and targets.
    mutating func reserve(_ count: Int, bytes: Int) {
        nodes.reserveCapacity(count + 1)
        pool.reserveCapacity(bytes)
        while slots.count < count * 2 { slots += repeatElement(Self.none, count: slots.count) }
    }

    /// The slot that a name has or would get.
    private func slot(_ name: ArraySlice<UInt8>, _ folder: Int) -> Int {
        // Seeded anew by each process, so that no layer can be made to collide.
        var hasher = Hasher()
        hasher.combine(folder)
        unsafe name.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] != Self.none {
            let index = Int(slots[slot])
            if Int(nodes[index].parent) == folder, self.name(index) == name { break }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt32](repeating: Self.none, count: old.count * 2)
        for index in old where index != Self.none {
            let slot = self.slot(name(Int(index)), Int(nodes[Int(index)].parent))
            slots[slot] = index
        }
    }
}
