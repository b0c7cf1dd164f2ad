package import SystemLayout

/// Says what is wrong in a YAML text, and where.
package struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The place.
    package let mark: YAMLNode.Mark
    /// What is wrong.
    package let reason: String

    /// Place and reason in one line.
    package var description: String { "\(mark): \(reason)" }
}
