import ImageModel

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
