/// Identifies an image: the first 16 hexadecimal digits of the SHA-256 of its `manifest.json` (DESIGN.md section 1).
///
/// It is a folder name on the state and recovery partitions and a value in the boot environment.
package struct ImageID: Hashable, Sendable, CustomStringConvertible {
    /// Number of hexadecimal digits.
    package static let length = 16

    /// The digits, lower case.
    package let description: String

    /// Takes exactly 16 lower-case hexadecimal digits; nil for anything else, so that no path can be smuggled in.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, Hexadecimal.bytes(of: text) != nil else { return nil }
        description = text
    }

    /// Takes digits that are already known to be right.
    init(digits: String) { description = digits }
}
