/// Says why a text of a layout cannot be used; whoever knows where the text stands adds the place.
package struct LayoutError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong and what to write instead, without a full stop.
    package var reason: String

    /// Makes an error.
    package init(_ reason: String) { self.reason = reason }

    /// The reason.
    package var description: String { reason }
}
