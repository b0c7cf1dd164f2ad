import DocumentTree

/// What a cloud says about a machine, whichever cloud it is.
package struct InstanceMetadata: Equatable, Sendable {
    /// The name of this instance; another one means that the disk was copied to another machine.
    package var instanceID: String?
    /// The host name; it may have a domain.
    package var hostname: String?
    /// Lines for `authorized_keys`, in order and each once.
    package var publicKeys: [String] = []
    /// Where a network configuration lies on a config drive, as its document says it.
    package var networkReference: String?
    /// User data that came inside the document.
    package var userData: [UInt8]?
    /// What was said and is not used, and why.
    package var remarks: [String] = []

    /// Knows nothing yet.
    package init() {}

    /// Adds the keys of any shape that is new.
    mutating func add(_ keys: [String]) {
        for line in keys where publicKeys.count < PublicKeys.limit {
            if !publicKeys.contains(line) { publicKeys.append(line) }
        }
    }
}

/// Reads public keys in the shapes that clouds write them in.
enum PublicKeys {
    /// The longest list that is taken.
    static let limit = 256

    /// The key lines of a text, of a list of texts, of a mapping by name of either, or of a list of mappings with
    /// the key under `keyData`, `key`, `data` or `openssh-key`.
    static func lines(_ node: DocumentNode, depth: Int = 0) -> [String] {
        guard depth < 4 else { return [] }
        switch node.content {
        case .scalar(let text, _): return node.isEmpty ? [] : lines(text)
        case .sequence(let elements): return elements.prefix(limit).flatMap { lines($0, depth: depth + 1) }
        case .mapping(let pairs):
            let known = pairs.filter { ["keyData", "key", "data", "openssh-key"].contains($0.key) }
            return (known.isEmpty ? pairs : known).prefix(limit).flatMap { lines($0.value, depth: depth + 1) }
        }
    }

    /// The lines of a text that are not empty, without characters that could begin another line.
    static func lines(_ text: String) -> [String] {
        var found: [String] = []
        for line in ByteLines(Array(text.utf8)[...]) where found.count < limit {
            let line = ByteLines.trimmed(line)
            let isKey = line.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && line.first != UInt8(ascii: "#")
            if isKey, !line.isEmpty { found.append(String(decoding: line, as: UTF8.self)) }
        }
        return found
    }
}
