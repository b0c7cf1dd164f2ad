package import DocumentTree
import ImageModel

/// Says where in a cloud's document the values are; one table for all clouds, and no reader for each.
package struct MetadataForm: Sendable {
    typealias Path = [String]

    /// Where the name of the instance is; the first place that has one counts.
    var instanceID: [Path] = []
    /// Where the host name is; the first place that has one counts.
    var hostname: [Path] = []
    /// Where keys are; those of all places count.
    var keys: [Path] = []
    /// A place of user data, and how it is written.
    var userData: Path?
    /// Whether user data is base64.
    var userDataIsBase64 = false
    /// Where the network configuration is named.
    var network: Path?
    /// Keys that are known and not used, each with what is said about it.
    var ignored: [(path: Path, remark: String)] = []
    /// Whether keys are written as `user:key` with an end of their life, as Google writes them.
    var keysNameUsers = false

    /// Reads a document.
    ///
    /// - Throws: `DocumentError` when it is no mapping, or a value is no text.
    package func read(_ node: DocumentNode) throws(DocumentError) -> InstanceMetadata {
        guard node.isMapping else {
            throw DocumentError(at: node.mark, "meta-data must be a mapping of keys to values")
        }
        var metadata = InstanceMetadata()
        metadata.instanceID = try Self.text(node, instanceID, "the instance's name")
        metadata.hostname = try Self.text(node, hostname, "the host name")
        for path in keys where !Self.isBlocked(node, path) {
            guard let found = node[path: path] else { continue }
            keysNameUsers ? addGoogle(found, to: &metadata) : metadata.add(PublicKeys.lines(found))
        }
        metadata.networkReference = network.flatMap { node[path: $0]?.plainText }
        if let userData, let found = node[path: userData] { metadata.userData = try bytes(found, in: node) }
        metadata.remarks += ignored.filter { node[path: $0.path] != nil }.map {
            "\($0.path.joined(separator: ".")): \($0.remark)"
        }
        return metadata
    }

    private static func text(_ node: DocumentNode, _ paths: [Path], _ name: String) throws(DocumentError) -> String? {
        for path in paths {
            guard let found = node[path: path] else { continue }
            let text = try found.text(name)
            guard text.utf8.count <= 253, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw DocumentError(at: found.mark, "\(name) must be at most 253 characters without spaces")
            }
            return text
        }
        return nil
    }

    private func bytes(_ found: DocumentNode, in node: DocumentNode) throws(DocumentError) -> [UInt8] {
        let text = try found.scalar("user data")
        let isBase64 =
            userDataIsBase64 || node[path: (userData ?? []).dropLast() + ["user-data-encoding"]]?.plainText == "base64"
        guard isBase64 else { return Array(text.utf8) }
        guard let bytes = Base64.decode(text.utf8.filter { !ByteLines.isSpace($0) }) else {
            throw DocumentError(at: found.mark, "user data should be base64, and is not")
        }
        return bytes
    }

    /// Whether an instance wants no keys of its project.
    private static func isBlocked(_ node: DocumentNode, _ path: Path) -> Bool {
        let block = node[path: ["instance", "attributes", "block-project-ssh-keys"]]?.plainText
        return path.first == "project" && block?.asciiLowercased == "true"
    }

    private func addGoogle(_ node: DocumentNode, to metadata: inout InstanceMetadata) {
        for line in PublicKeys.lines(node) {
            let words = line.split(separator: ":", maxSplits: 1)
            guard words.count == 2, !words[0].contains(" ") else {
                metadata.remarks.append("a key without a user's name is left out")
                continue
            }
            // The end of its life is for the clock to judge, so Google's own agent is left to give such a key.
            guard words[1].split(separator: " ").allSatisfy({ $0 != "google-ssh" }) else {
                metadata.remarks.append("a key of '\(words[0])' that expires is left out")
                continue
            }
            metadata.add([String(words[1])])
        }
    }
}
