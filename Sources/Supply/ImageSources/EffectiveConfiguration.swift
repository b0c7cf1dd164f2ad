import DiskContract
import DocumentTree
package import JSONText
import LinuxSystem
import ReleaseModel
package import SystemPackage
import YAMLDocuments

/// What the configuration files of a root say together, each value with the place that says it.
package struct EffectiveConfiguration: Sendable {
    /// One value.
    package struct Value: Equatable, Sendable {
        /// The key with those above it, dots between them: `policy.downgrade`.
        package var key: String
        /// The value as it is written; lists in brackets.
        package var text: String
        /// The file and the line.
        package var origin: String
    }

    /// The values, in the order in which they were first named.
    package private(set) var values: [Value] = []
    /// Files that could not be read, one line each.
    package private(set) var problems: [String] = []

    /// Reads the files of a root: the agent's configuration, key by key, and the layout that counts.
    package init(root: FilePath = "/") {
        for file in AgentConfiguration.files { take(file, root, prefix: "config") }
        for file in MachinePaths.layouts where take(file, root, prefix: "layout") { break }
    }

    /// Returns whether the file is there.
    @discardableResult
    private mutating func take(_ file: FilePath, _ root: FilePath, prefix: String) -> Bool {
        do {
            guard
                let bytes = try FileBytes.readIfPresent(
                    root.appending(file.components), limit: AgentConfiguration.sizeLimit)
            else { return false }
            if let document = try YAMLDocument.parse(bytes) { add(document, prefix, file) }
        } catch { problems.append("\(file): \(error)") }
        return true
    }

    // A document is no deeper than its reader's limit.
    private mutating func add(_ node: DocumentNode, _ key: String, _ file: FilePath) {
        if case .mapping(let pairs) = node.content {
            for pair in pairs { add(pair.value, "\(key).\(pair.key)", file) }
            return
        }
        let value = Value(key: key, text: Self.text(of: node), origin: "\(file):\(node.mark.line)")
        if let index = values.firstIndex(where: { $0.key == key }) {
            values[index] = value
        } else {
            values.append(value)
        }
    }

    private static func text(of node: DocumentNode) -> String {
        switch node.content {
        case .scalar(let text, _): text
        case .sequence(let elements): "[\(elements.map(text).joined(separator: ", "))]"
        case .mapping(let pairs): "{\(pairs.map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", "))}"
        }
    }

    /// One line for each value: key, value and place.
    package var lines: [String] { values.map { "\($0.key) = \($0.text)  (\($0.origin))" } + problems }

    /// `values`: each with `key`, `value`, `origin`; and `problems`.
    package var json: JSONObject {
        [
            "values": .array(
                values.map {
                    ["key": .string($0.key), "value": .string($0.text), "origin": .string($0.origin)]
                }), "problems": .array(problems.map { .string($0) }),
        ]
    }
}
