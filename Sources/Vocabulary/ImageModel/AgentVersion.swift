/// Holds a version of the agent as three numbers, `1.4.0`.
package struct AgentVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Changes when older images no longer boot.
    package let major: Int
    /// Changes when something was added.
    package let minor: Int
    /// Changes when something was repaired.
    package let patch: Int

    /// Takes three numbers, each at least 0.
    package init(_ major: UInt16, _ minor: UInt16, _ patch: UInt16) {
        self.major = Int(major)
        self.minor = Int(minor)
        self.patch = Int(patch)
    }

    /// Reads three numbers below 65,536 with dots between them and nothing else; nil otherwise.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt16($0) }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        self.init(numbers[0], numbers[1], numbers[2])
        guard description == text else { return nil }
    }

    /// Orders by major, then minor, then patch.
    package static func < (left: AgentVersion, right: AgentVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// The three numbers with dots.
    package var description: String { "\(major).\(minor).\(patch)" }
}
