import Faults
import RegistryModel

/// Which versions count: all of a list of conditions must hold; an empty list takes any.
package struct VersionRange: Hashable, Sendable, CustomStringConvertible {
    /// How a version is compared.
    package enum Comparison: String, Sendable, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case different = "!="
        case equal = "="
        case more = ">"
        case less = "<"
    }

    /// One condition.
    package struct Condition: Hashable, Sendable, CustomStringConvertible {
        /// How the version of a package is compared with this one.
        package var comparison: Comparison
        /// The version to compare with.
        package var version: PackageVersion

        /// The condition as it is written.
        package var description: String { "\(comparison.rawValue) \(version)" }
    }

    /// Takes any version.
    package static let any = VersionRange(conditions: [])

    /// What must hold.
    package var conditions: [Condition]

    private init(conditions: [Condition]) { self.conditions = conditions }

    /// Takes exactly one version.
    package init(exactly version: PackageVersion) {
        conditions = [Condition(comparison: .equal, version: version)]
    }

    /// Reads conditions with commas between them, such as `>= 6.1, < 7`; a version without a comparison is meant exactly.
    ///
    /// - Throws: `PackageTextError`.
    package init(parsing text: String) throws(PackageTextError) {
        conditions = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            conditions.append(try Self.condition(Self.trimmed(part), of: text))
        }
    }

    private static func condition(_ part: Substring, of text: String) throws(PackageTextError) -> Condition {
        let sign = part.prefix { "<>=!".contains($0) }
        let version = trimmed(part.dropFirst(sign.count))
        let comparison = sign.isEmpty || sign == "==" ? .equal : Comparison(rawValue: String(sign))
        guard let comparison, !version.isEmpty else {
            throw PackageTextError(
                .request, "reading the versions", text.quoted, cause: "\(String(part).quoted) is no condition",
                remedy: "Write >=, <=, =, !=, > or < and a version, with commas between them, as in '>= 6.1, < 7'.")
        }
        return Condition(comparison: comparison, version: try PackageVersion(parsing: String(version)))
    }

    static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " }
        return start.prefix(upTo: start.lastIndex { $0 != " " }.map { start.index(after: $0) } ?? start.startIndex)
    }

    /// Whether a version counts.
    package func contains(_ version: PackageVersion) -> Bool {
        conditions.allSatisfy { condition in
            let order = version.compared(to: condition.version)
            return switch condition.comparison {
            case .atLeast: order >= 0
            case .atMost: order <= 0
            case .different: order != 0
            case .equal: order == 0
            case .more: order > 0
            case .less: order < 0
            }
        }
    }

    /// The conditions as they are written; empty for any version.
    package var description: String { conditions.map(\.description).joined(separator: ", ") }
}

/// Asks for a package in some of its versions: `system/kernel >= 6.1, < 7`.
package struct PackageRequest: Hashable, Sendable, CustomStringConvertible {
    /// The package, or what other packages provide.
    package var name: PackageName
    /// The versions that count.
    package var versions: VersionRange

    /// Asks for a package.
    package init(_ name: PackageName, _ versions: VersionRange = .any) {
        self.name = name
        self.versions = versions
    }

    /// Reads a name, and conditions behind it; `@` may stand between them, as the seed family writes it.
    ///
    /// - Throws: `PackageTextError`.
    package init(parsing text: String) throws(PackageTextError) {
        let text = text.trimmingSpaces
        let end = text.firstIndex { " @<>=!".contains($0) } ?? text.endIndex
        name = try PackageName(parsing: String(text[..<end]))
        let rest = VersionRange.trimmed(text[end...].drop { $0 == "@" })
        versions = rest.isEmpty && end == text.endIndex ? .any : try VersionRange(parsing: String(rest))
    }

    /// The request as it is written.
    package var description: String { versions.conditions.isEmpty ? "\(name)" : "\(name) \(versions)" }
}

extension String {
    /// Without the spaces at both ends.
    fileprivate var trimmingSpaces: String { String(VersionRange.trimmed(self[...])) }
}
