package import Faults
import TreeModel

/// Says what keeps a package from being made of a tree, or packages from being joined.
package typealias PackageTreesError = Fault<PackageTreesFault>

/// Names what is wrong with the trees of packages.
package enum PackageTreesFault: FaultKind {
    /// Files of the base were changed or removed, and nobody said that they may be.
    case undeclared
    /// A file that no package may have.
    case secret
    /// A name that no package may have.
    case name
    /// Two packages have different files of one path.
    case conflict
    /// Accounts of two packages cannot both be in one image.
    case account
    /// Two packages have different versions of one package of the distribution.
    case version
    /// State of two packages that cannot be merged.
    case state
}

extension PackageTreesError {
    /// The most lines of a list in an error.
    package static let listLimit = 20

    /// Joins lines, of which only the first are said.
    static func list(_ lines: [String]) -> String {
        let shown = lines.prefix(listLimit).joined(separator: ", ")
        return lines.count > listLimit ? "\(shown) and \(lines.count - listLimit) more" : shown
    }

    /// Changes and deletions that the package does not declare.
    static func undeclared(_ changed: [EntryPath], _ removed: [EntryPath]) -> PackageTreesError {
        var causes: [String] = []
        var keys: [String] = []
        if !changed.isEmpty {
            causes.append("the steps changed files of the base: \(list(changed.map(\.absolute)))")
            keys.append("'artefact.overrides'")
        }
        if !removed.isEmpty {
            causes.append("the steps removed files of the base: \(list(removed.map(\.absolute)))")
            keys.append("'artefact.removes'")
        }
        return PackageTreesError(
            .undeclared, "making", "the artefact", cause: causes.joined(separator: "; "),
            remedy:
                "Name them in \(keys.joined(separator: " and ")), leave them out by 'artefact.exclude', or undo the "
                + "changes in the last step.")
    }

    /// Files that no package may have.
    static func refused(_ entries: [(path: EntryPath, reason: String)]) -> PackageTreesError {
        PackageTreesError(
            .secret, "making", "the artefact",
            cause: list(entries.map { "\($0.path.absolute): \($0.reason)" }),
            remedy: "Remove them in the last step; a machine makes its own.")
    }

    /// Names that no package may have.
    static func names(_ paths: [EntryPath], _ cause: String) -> PackageTreesError {
        PackageTreesError(
            .name, "making", "the artefact", cause: "\(cause): \(list(paths.map(\.absolute)))",
            remedy: "Rename them, or leave them out by 'artefact.exclude'.")
    }
}
