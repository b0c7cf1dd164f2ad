/// Says what is wrong in a channel document, and where.
package struct ChannelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The JSON path of the fault, such as `$.releases[0].digest`.
    package var path: String
    /// What was found or expected.
    package var reason: String

    /// Locates a fault.
    package init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// One line: operation, place, cause and remedy.
    package var description: String { "reading the channel: \(path): \(reason). Publish the channel again" }
}
