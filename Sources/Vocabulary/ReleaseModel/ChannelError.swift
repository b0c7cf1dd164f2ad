package import Faults

/// Says what is wrong in a channel document, and where.
package typealias ChannelError = Fault<ChannelFault>

/// Names the place of a fault in a channel document.
package struct ChannelFault: FaultKind {
    /// The JSON path, such as `$.releases[0].digest`.
    package var path: String
    /// What was found or expected.
    package var reason: String
}

extension ChannelError {
    /// Locates a fault.
    package init(_ path: String, _ reason: String) {
        self.init(
            ChannelFault(path: path, reason: reason), "reading", "the channel", cause: "\(path): \(reason)",
            remedy: "Publish the channel again.")
    }
}
