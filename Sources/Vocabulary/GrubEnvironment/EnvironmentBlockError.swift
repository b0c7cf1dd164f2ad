package import Faults

/// Describes one thing that a GRUB environment block must not have, and that GRUB's own tools accept.
package enum EnvironmentBlockFault: Equatable, Sendable, CustomStringConvertible {
    /// The block is not 1,024 bytes long (a file cut in half still "works" with `grub-editenv`).
    case size(Int)
    /// The first line is not GRUB's signature; nothing after it can be trusted.
    case signature
    /// Bytes that are neither a variable, a comment nor padding begin at this offset.
    case garbage(offset: Int)
    /// The variable that begins at this offset has no end.
    case unterminated(offset: Int)
    /// A variable occurs more than once; GRUB loads the last and changes the first.
    case duplicate(name: String)
    /// A variable's value is not UTF-8.
    case encoding(name: String)

    /// What is wrong, in words.
    package var description: String {
        switch self {
        case .size(let size): "it is \(size) bytes long instead of \(EnvironmentBlock.size)"
        case .signature: "the signature of a GRUB environment block is missing"
        case .garbage(let offset): "byte \(offset) begins neither a variable nor a comment nor padding"
        case .unterminated(let offset): "the variable at byte \(offset) has no end"
        case .duplicate(let name): "the variable \(name) occurs more than once"
        case .encoding(let name): "the value of \(name) is not UTF-8"
        }
    }
}

/// Says what could not be done with an environment block, why, and what to do.
package typealias EnvironmentBlockError = Fault<EnvironmentCodecFault>

/// Names what cannot be done with an environment block.
package enum EnvironmentCodecFault: FaultKind {
    /// The block has faults.
    case unreadable
    /// No role has an image.
    case noImages
    /// The variables do not fit.
    case tooLarge
    /// GRUB would read a variable differently.
    case unwritable
}

extension EnvironmentBlockError {
    /// Refuses a block with faults.
    static func unreadable(_ faults: [EnvironmentBlockFault]) -> EnvironmentBlockError {
        EnvironmentBlockError(
            .unreadable, "reading", "GRUB environment block",
            cause: faults.map(\.description).joined(separator: "; "),
            remedy: "Rebuild it with `lifeboot boot-env repair`.")
    }

    /// Refuses to boot from a block in which no role has an image.
    static func noImages() -> EnvironmentBlockError {
        EnvironmentBlockError(
            .noImages, "reading", "boot environment", cause: "no role names an image",
            remedy: "Rebuild it with `lifeboot boot-env repair`.")
    }

    /// Refuses to write variables that do not fit.
    static func tooLarge(needed: Int, limit: Int) -> EnvironmentBlockError {
        EnvironmentBlockError(
            .tooLarge, "writing", "GRUB environment block",
            cause: "the variables need \(needed) bytes of \(limit)", remedy: "Shorten or remove variables.")
    }

    /// Refuses to write a variable that GRUB would read differently.
    static func unwritable(name: String) -> EnvironmentBlockError {
        EnvironmentBlockError(
            .unwritable, "writing", "GRUB environment block variable \"\(name)\"",
            cause: "GRUB cannot keep this name or value",
            remedy: "Use letters, digits and underscores for the name and no NUL in the value.")
    }
}
