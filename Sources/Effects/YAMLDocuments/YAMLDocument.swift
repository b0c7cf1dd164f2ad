import CYaml
package import DocumentTree

/// Reads YAML texts of one document into nodes that know their places.
package enum YAMLDocument {
    /// The longest text that is read, in bytes.
    package static let sizeLimit = 1 << 20
    /// The deepest nesting that is read.
    package static let depthLimit = 64

    /// What becomes of aliases, anchors and tags.
    package enum References: Sendable {
        /// They are refused: a file of ours has no need of them.
        case refused
        /// Aliases and merge keys (`<<`) are written out up to a limit; of the tags YAML's own scalar types are taken.
        case expanded
    }

    /// Reads the one document of a text; nil when the text has none.
    ///
    /// - Throws: `DocumentError` with line and column: bad syntax, a repeated key, a key that is no scalar, an alias, anchor
    ///   or tag that is not taken, a second document, or limits exceeded.
    package static func parse(
        _ bytes: [UInt8], references: References = .refused
    ) throws(DocumentError) -> DocumentNode? {
        let start = DocumentMark(line: 1, column: 1)
        guard bytes.count <= sizeLimit else { throw DocumentError(at: start, "longer than \(sizeLimit) bytes") }
        let result: Result<DocumentNode?, DocumentError> = unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let reader = unsafe YAMLEventReader(buffer) else {
                return .failure(DocumentError(at: start, "out of memory"))
            }
            var builder = YAMLBuilder(references)
            do throws(DocumentError) { return .success(try builder.document(reader)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// The version of the linked libyaml.
    ///
    /// The corresponding C function is `yaml_get_version_string`.
    package static var libraryVersion: String { unsafe String(cString: yaml_get_version_string()) }
}
