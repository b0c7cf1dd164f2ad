package import Faults
import RegistryModel

/// Says what is wrong in the text that names or asks for a package.
package typealias PackageTextError = Fault<PackageTextFault>

/// Names which text is wrong.
package enum PackageTextFault: FaultKind {
    /// `category/name`.
    case name
    /// A version in Debian's form.
    case version
    /// A request, such as `system/kernel >= 6.1`.
    case request
    /// A tag of a registry.
    case tag
}

/// Names a package: `category/name`.
package struct PackageName: Hashable, Sendable, CustomStringConvertible {
    /// The longest that either part may be.
    private static let limit = 48

    /// What kind of package it is, such as `system`.
    package let category: String
    /// Its name within the category.
    package let name: String

    /// Reads `category/name`.
    ///
    /// - Throws: `PackageTextError` unless both parts begin with a lower-case letter or digit and go on with these, `.`, `+`
    ///   and `-`: there is no `_`, which separates them in tags.
    package init(parsing text: String) throws(PackageTextError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(Self.isPart) else {
            throw PackageTextError(
                .name, "reading the package's name", text.quoted, cause: "it is not of the form category/name",
                remedy: "Use lower-case letters, digits, '.', '+' and '-' in each part, as in system/kernel.")
        }
        (category, name) = (parts[0], parts[1])
    }

    /// The text that it is read from.
    package var description: String { "\(category)/\(name)" }

    private static func isPart(_ text: String) -> Bool {
        guard (1...limit).contains(text.utf8.count), let first = text.utf8.first else { return false }
        let isWord: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        return isWord(first) && text.utf8.allSatisfy { isWord($0) || [0x2B, 0x2D, 0x2E].contains($0) }
    }
}

extension PackageName: Comparable {
    /// Orders by category, then by name, in byte order.
    package static func < (one: PackageName, other: PackageName) -> Bool {
        one.category == other.category ? one.name < other.name : one.category < other.category
    }
}
