import DocumentTree

/// Tells steps apart by what they say.
///
/// A step may move in its file, and its comments may change: it stays the same step. It is FNV-1a of 64 bits
/// (draft-eastlake-fnv): it tells steps apart, and guards nothing.
struct StepDigest {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Sixteen hexadecimal digits for a value.
    static func text(of node: DocumentNode) -> String {
        var digest = StepDigest()
        digest.add(node)
        let digits = String(digest.hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    // A node is no deeper than the reader's limit.
    private mutating func add(_ node: DocumentNode) {
        switch node.content {
        case .scalar(let text, _): add("s", text)
        case .sequence(let elements):
            add("[", "")
            for element in elements { add(element) }
            add("]", "")
        case .mapping(let pairs):
            add("{", "")
            for pair in pairs {
                add("k", pair.key)
                add(pair.value)
            }
            add("}", "")
        }
    }

    /// Adds a kind, a text, and a byte that no UTF-8 text has, so that no two sequences look alike.
    private mutating func add(_ kind: String, _ text: String) {
        for byte in kind.utf8 { add(byte) }
        for byte in text.utf8 { add(byte) }
        add(0xFF)
    }

    private mutating func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
