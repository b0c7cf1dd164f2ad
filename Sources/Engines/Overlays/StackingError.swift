package import Faults
import SystemPackage

/// Says which overlay could not be opened, stacked, added or removed, why, and what the operator can do.
package typealias StackingError = Fault<StackingFault>

/// Names what fails with overlays.
package enum StackingFault: FaultKind {
    /// An image that holds nothing that is mounted.
    case image
    /// A signature or a root hash that cannot count.
    case trust
    /// A tree that no overlay may have.
    case tree
    /// What a command names.
    case request
}

extension StackingError {
    /// An image without a filesystem that is mounted.
    static func noFilesystem(_ file: FilePath, _ found: String?, wanted: [String]) -> StackingError {
        let list = wanted.joined(separator: " or ")
        return StackingError(
            .image, "mounting", file.string,
            cause: "it holds \(found ?? "no filesystem that is known"), and not \(list)",
            remedy: "Make it of the filesystem alone: an image with a partition table is not taken.")
    }

    /// What signs an archive does not fit it any more.
    static func unsigned(_ file: FilePath, _ reason: String) -> StackingError {
        StackingError(
            .trust, "reading", file.string, cause: reason, remedy: "Find out who changed it, and add it again.")
    }

    /// A root hash that is none.
    static func rootHash(_ file: FilePath) -> StackingError {
        StackingError(
            .trust, "reading", file.string, cause: "it is not a root hash in hexadecimal digits",
            remedy: "Write there what veritysetup format prints as root hash.")
    }

    /// Something in a tree that may not be there.
    static func tree(_ path: String, _ cause: String) -> StackingError {
        StackingError(.tree, "unpacking", path, cause: cause, remedy: "Make the overlay again without it.")
    }

    /// A request that names the wrong thing.
    static func request(_ operation: String, _ subject: String, _ cause: String, _ remedy: String) -> StackingError {
        StackingError(.request, operation, subject, cause: cause, remedy: remedy)
    }
}
