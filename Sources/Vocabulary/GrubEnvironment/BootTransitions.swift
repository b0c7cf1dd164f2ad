package import ImageModel

extension BootEnvironment {
    /// Records that a boot was declared healthy.
    ///
    /// The role's attempts are restored and a trial becomes good. An image marked bad stays bad: only an upgrade, a
    /// rollback or the user takes that back. A healthy passive that was fallen back to proves active broken, so
    /// active is given up and the next boot goes to passive directly.
    package func afterHealthyBoot(
        of role: Role, reason: BootReason, maximumTries: Int = BootEnvironment.maximumTries
    ) -> BootEnvironment {
        var result = self
        result.setTries(maximumTries, of: role)
        if result.state(of: role) == .trial { result.setState(.good, of: role) }
        if role == .passive, reason == .fallback, active != nil { result.activeState = .bad }
        // GRUB clears it before it boots; when it could not write, the choice for one boot must still end.
        if reason == .next, result.next == role { result.next = nil }
        return result
    }

    /// Makes a role the default, or the choice of the next boot only, and lets it be tried again.
    ///
    /// - Returns: nil when the role has no image.
    package func switching(
        to role: Role, once: Bool, maximumTries: Int = BootEnvironment.maximumTries
    ) -> BootEnvironment? {
        guard image(of: role) != nil else { return nil }
        var result = self
        if result.state(of: role) == .bad { result.setState(.trial, of: role) }
        result.setTries(maximumTries, of: role)
        result.next = once ? role : nil
        if !once { result.defaultRole = role }
        return result
    }
}

extension BootEnvironment {
    /// Names what another environment says differently, `active_state: trial -> good` each.
    package func changes(to other: BootEnvironment) -> [String] {
        EnvironmentVariable.allCases.compactMap { variable in
            let (old, new) = (text(of: variable), other.text(of: variable))
            return old == new ? nil : "\(variable.rawValue): \(old) -> \(new)"
        }
    }

    /// Whether another environment gives a role another image, state or the default: what the second copy must know.
    package func differsInRoles(from other: BootEnvironment) -> Bool {
        let volatile: Set<EnvironmentVariable> = [.activeTries, .passiveTries, .recoveryTries, .next, .pending]
        return EnvironmentVariable.allCases.contains { variable in
            !volatile.contains(variable) && text(of: variable) != other.text(of: variable)
        }
    }

    /// Whether another environment gives every role the same image.
    package func hasSameImages(as other: BootEnvironment) -> Bool {
        Role.allCases.allSatisfy { image(of: $0) == other.image(of: $0) }
    }
}
