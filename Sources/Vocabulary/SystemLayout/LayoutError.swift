/// Says what is wrong in a layout file, and where.
package struct LayoutError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The place; nil when the fault has none, such as in a kernel parameter.
    package var mark: YAMLNode.Mark?
    /// What is wrong and what to write instead.
    package var reason: String

    /// Makes an error.
    package init(at mark: YAMLNode.Mark?, _ reason: String) {
        self.mark = mark
        self.reason = reason
    }

    /// Place and reason in one line.
    package var description: String { mark.map { "\($0): \(reason)" } ?? reason }
}
