package import ImageModel
package import JSONText
import Plans

/// What the steps of a rollback do.
package enum RollbackAction: PlannedAction {
    /// Reads the passive image, and compares every digest.
    case verifyImage(ImageID)
    /// Exchanges active and passive: one sector of `boot.env`.
    case exchangeRoles

    /// The kind of action.
    package var name: String {
        switch self {
        case .verifyImage: "verify-image"
        case .exchangeRoles: "commit"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .verifyImage(let image): "\(image) on state"
        case .exchangeRoles: "\(RoleChange.rollBack)"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .verifyImage: "Compare the image's files with their digests; it is here already."
        case .exchangeRoles:
            "Write one sector of boot.env, after reading it again: from here on the new roles count."
        }
    }

    /// What it holds, for programs.
    package var json: JSONValue {
        switch self {
        case .verifyImage(let image): ["partition": "state", "image": .string(image.description)]
        case .exchangeRoles: ["change": .string("\(RoleChange.rollBack)")]
        }
    }
}
