package import ImageModel

/// Names a variable of the boot environment; `grub/grub.cfg` uses the same names (checked by a repository test).
package enum EnvironmentVariable: String, CaseIterable, Sendable {
    /// Version of the protocol, always `1`.
    case format
    /// Image of the active role, or `-`.
    case active
    /// Image of the passive role, or `-`.
    case passive
    /// Image of the recovery role, or `-`.
    case recovery
    /// Attempts left for active, one digit.
    case activeTries = "active_tries"
    /// Attempts left for passive, one digit.
    case passiveTries = "passive_tries"
    /// Attempts left for recovery, one digit.
    case recoveryTries = "recovery_tries"
    /// `trial`, `good` or `bad`.
    case activeState = "active_state"
    /// `trial`, `good` or `bad`.
    case passiveState = "passive_state"
    /// The role the user wants.
    case defaultRole = "default"
    /// The role of the next boot only, or `-`.
    case next
    /// The operation that recovery must finish first, or `-`.
    case pending
    /// The partitions that a pending reset formats, or `-`; only the agent reads and writes it.
    case wipe

    /// Whether `grub.cfg` reads it.
    package var isForGrub: Bool { self != .wipe }

    /// The variable that holds a role's image.
    package static func image(of role: Role) -> EnvironmentVariable {
        switch role {
        case .active: .active
        case .passive: .passive
        case .recovery: .recovery
        }
    }

    /// The variable that holds a role's attempts.
    package static func tries(of role: Role) -> EnvironmentVariable {
        switch role {
        case .active: .activeTries
        case .passive: .passiveTries
        case .recovery: .recoveryTries
        }
    }
}
