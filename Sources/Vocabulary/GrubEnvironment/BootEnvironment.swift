package import ImageModel

/// Says how far an image is trusted to boot.
package enum ImageState: String, CaseIterable, Sendable {
    /// It has not yet been declared healthy.
    case trial
    /// It has been declared healthy.
    case good
    /// It was given up for the passive image and is not tried until the user or an upgrade says so.
    case bad
}

/// Names an operation that recovery must finish before anything else boots.
package enum PendingOperation: String, CaseIterable, Sendable {
    /// Format what persists and deploy the recovery image.
    case reset
    /// Put the system on this disk.
    case install
}

/// Names the partitions that a pending reset formats; what is not named keeps its data.
package enum WipeScope: String, CaseIterable, Sendable {
    /// Everything the user keeps.
    case persistent
    /// The vendor's and user's layer.
    case oem
    /// Both.
    case all = "oem+persistent"

    /// Names the scope of two choices; nil when nothing is to be formatted.
    package init?(persistent: Bool, oem: Bool) {
        switch (persistent, oem) {
        case (true, true): self = .all
        case (true, false): self = .persistent
        case (false, true): self = .oem
        case (false, false): return nil
        }
    }

    /// Whether the persistent partition is formatted.
    package var includesPersistent: Bool { self != .oem }
    /// Whether the OEM partition is formatted.
    package var includesOEM: Bool { self != .persistent }
}

/// Holds what GRUB and Linux agree on: which image has which role, attempts left, what comes next (`boot.env`).
///
/// The meaning of each field is in `docs/boot-protocol.md`.
package struct BootEnvironment: Equatable, Sendable {
    /// Attempts a role gets when it is new or healthy.
    package static let maximumTries = 3
    /// The values an attempt counter can have: one digit, so that no change moves the other variables.
    package static let triesRange = 0...9

    /// Image of the active role.
    package var active: ImageID?
    /// Image of the passive role.
    package var passive: ImageID?
    /// Image of the recovery role.
    package var recovery: ImageID?
    /// Attempts left for active.
    package private(set) var activeTries = BootEnvironment.maximumTries
    /// Attempts left for passive.
    package private(set) var passiveTries = BootEnvironment.maximumTries
    /// Attempts left for recovery.
    package private(set) var recoveryTries = BootEnvironment.maximumTries
    /// State of the active image.
    package var activeState: ImageState
    /// State of the passive image.
    package var passiveState: ImageState
    /// The role the user wants.
    package var defaultRole = Role.active
    /// The role of the next boot only.
    package var next: Role?
    /// What recovery must finish first.
    package var pending: PendingOperation?
    /// What a pending reset formats; nothing when nil.
    ///
    /// Without a pending reset it means nothing and is not written.
    package var wipe: WipeScope?

    /// Makes an environment with all attempts left.
    package init(
        active: ImageID? = nil, passive: ImageID? = nil, recovery: ImageID? = nil,
        activeState: ImageState = .trial, passiveState: ImageState = .good
    ) {
        self.active = active
        self.passive = passive
        self.recovery = recovery
        self.activeState = activeState
        self.passiveState = passiveState
    }

    /// The image of a role.
    package func image(of role: Role) -> ImageID? {
        switch role {
        case .active: active
        case .passive: passive
        case .recovery: recovery
        }
    }

    /// Gives a role an image, or none.
    package mutating func setImage(_ image: ImageID?, of role: Role) {
        switch role {
        case .active: active = image
        case .passive: passive = image
        case .recovery: recovery = image
        }
    }

    /// The attempts left for a role.
    package func tries(of role: Role) -> Int {
        switch role {
        case .active: activeTries
        case .passive: passiveTries
        case .recovery: recoveryTries
        }
    }

    /// Sets the attempts left for a role, brought into `triesRange`.
    package mutating func setTries(_ tries: Int, of role: Role) {
        let tries = min(max(tries, Self.triesRange.lowerBound), Self.triesRange.upperBound)
        switch role {
        case .active: activeTries = tries
        case .passive: passiveTries = tries
        case .recovery: recoveryTries = tries
        }
    }

    /// The state of a role's image; nil for recovery, which is never given up.
    package func state(of role: Role) -> ImageState? {
        switch role {
        case .active: activeState
        case .passive: passiveState
        case .recovery: nil
        }
    }

    /// Sets the state of a role's image; recovery has none.
    package mutating func setState(_ state: ImageState, of role: Role) {
        switch role {
        case .active: activeState = state
        case .passive: passiveState = state
        case .recovery: break
        }
    }
}
