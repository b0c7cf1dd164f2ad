// What `grub/grub.cfg` decides, as a pure function: the agent explains boots with it, and the machine tests hold GRUB against it.

package import ImageModel

/// One image that GRUB tries to boot.
package struct BootAttempt: Equatable, Sendable {
    /// The role it has.
    package var role: Role
    /// The image.
    package var image: ImageID
    /// Why it was chosen.
    package var reason: BootReason
    /// Attempts left after this one was taken; nil when it is not counted.
    package var triesLeft: Int?

    /// Describes an attempt.
    package init(role: Role, image: ImageID, reason: BootReason, triesLeft: Int?) {
        self.role = role
        self.image = image
        self.reason = reason
        self.triesLeft = triesLeft
    }
}

/// What GRUB boots and what it has written before.
package struct BootOutcome: Equatable, Sendable {
    /// The attempt; nil when no role has a usable image, and GRUB looks for any other image on the disk.
    package var attempt: BootAttempt?
    /// The environment as it is on the disk when the kernel starts.
    package var environment: BootEnvironment
}

extension BootEnvironment {
    /// Mirrors the decision of `grub.cfg`.
    ///
    /// - Parameters:
    ///   - canSave: whether GRUB can write the block; an attempt that it cannot write is not counted.
    ///   - isUsable: whether the image of a role is on its partition, and its kernel and initrd verify.
    package func choice(canSave: Bool = true, isUsable: (Role, ImageID) -> Bool) -> BootOutcome {
        var environment = self
        var tried: Set<Role> = []
        for (role, reason) in candidates where tried.insert(role).inserted {
            if reason != .pending { environment.next = nil }
            var candidate = environment
            if reason == .pending, tries(of: role) == 0 { candidate.setTries(Self.maximumTries, of: role) }
            guard let image = image(of: role), candidate.mayTry(role), isUsable(role, image) else { continue }
            return candidate.counted(role, image, reason, savedOver: canSave ? nil : self)
        }
        return environment.rescue(savedOver: canSave ? nil : self, isUsable)
    }

    /// The roles to try, in order; a role that comes twice is tried only the first time.
    private var candidates: [(Role, BootReason)] {
        (pending == nil ? [] : [(.recovery, .pending)])
            + (next.map { [($0, .next)] } ?? [])
            + [(defaultRole, .default), (.active, .fallback), (.passive, .fallback), (.recovery, .fallback)]
    }

    /// Says whether a role has attempts left and was not given up.
    package func mayTry(_ role: Role) -> Bool {
        tries(of: role) > 0 && state(of: role) != .bad
    }

    /// Takes one attempt from a role, not below zero.
    package func takingAttempt(of role: Role) -> BootEnvironment {
        var result = self
        result.setTries(tries(of: role) - 1, of: role)
        return result
    }

    /// Boots a role and takes an attempt, unless the block cannot be written and stays as it was.
    private func counted(
        _ role: Role, _ image: ImageID, _ reason: BootReason, savedOver unsaved: BootEnvironment?
    ) -> BootOutcome {
        let after = takingAttempt(of: role)
        return BootOutcome(
            attempt: BootAttempt(
                role: role, image: image, reason: reason, triesLeft: unsaved == nil ? after.tries(of: role) : nil),
            environment: unsaved ?? after)
    }

    /// Restores recovery's attempts when all is spent; without a usable recovery, boots active or passive uncounted.
    private func rescue(savedOver unsaved: BootEnvironment?, _ isUsable: (Role, ImageID) -> Bool) -> BootOutcome {
        if let recovery, isUsable(.recovery, recovery) {
            var restored = self
            restored.setTries(Self.maximumTries, of: .recovery)
            return restored.counted(.recovery, recovery, .rescue, savedOver: unsaved)
        }
        for role in [Role.active, .passive] {
            guard let image = image(of: role), isUsable(role, image) else { continue }
            return BootOutcome(
                attempt: BootAttempt(role: role, image: image, reason: .rescue, triesLeft: nil),
                environment: unsaved ?? self)
        }
        return BootOutcome(attempt: nil, environment: unsaved ?? self)
    }
}

/// Says why GRUB chose a role; passed to the kernel as `lifeboot.reason=`.
package enum BootReason: String, CaseIterable, Sendable {
    /// The user's standing choice (`default`).
    case `default`
    /// The user's choice for one boot (`next`).
    case next
    /// What was chosen could not be tried, so the next role in order is.
    case fallback
    /// A choice by hand in the menu; never counted.
    case menu
    /// Recovery has an operation to finish (`pending`).
    case pending
    /// Every attempt is spent or unusable: whatever can be loaded.
    case rescue
}
