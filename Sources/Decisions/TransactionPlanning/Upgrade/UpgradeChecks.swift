import BootModel
package import GrubEnvironment
package import ImageModel
package import ReleaseModel

extension UpgradeFacts {
    /// Refuses what this machine must not install, the first reason that applies.
    ///
    /// - Throws: `Refusal`.
    package func check() throws(Refusal) {
        try checkTrust()
        try checkCompatibility()
        try checkMachine()
        try checkSequence()
    }

    private func refusal(_ kind: RefusalKind, _ cause: String, _ remedy: String) -> Refusal {
        Refusal(kind, "upgrading to", candidate.reference, cause: cause, remedy: remedy)
    }

    private func checkTrust() throws(Refusal) {
        let allowsUnsigned = options.allowsUnsigned || policy.unsigned == .allow
        switch candidate.trust {
        case .signed: break
        case .unsigned where !allowsUnsigned:
            throw refusal(
                .unsigned, "it is not signed",
                "Ask who publishes it, sign it with `boatyard sign`, or add --allow-unsigned if you know what it is.")
        case .untrusted(let keys) where !allowsUnsigned:
            throw refusal(
                .untrusted, "it is signed, but by none of the trusted keys (\(keys.joined(separator: ", ")))",
                "Put the publisher's key into /etc/lifeboot/keys, or ask for an image signed with a key that is there.")
        case .unsigned, .untrusted: break
        }
        if candidate.kind == .container || !candidate.bootsSigned, policy.localImages == .refuse {
            throw refusal(
                candidate.kind == .container ? .untrusted : .unsigned,
                "only this machine could sign it for the boot, and the policy local-images refuses that",
                "Install a signed image of lifeboot's own format, or allow local-images in the configuration.")
        }
    }

    private func checkCompatibility() throws(Refusal) {
        guard candidate.architecture == machine.architecture else {
            throw refusal(
                .architecture, "it is for \(candidate.architecture), and this machine is \(machine.architecture)",
                "Choose the image for this machine type.")
        }
        if !candidate.boards.isEmpty, !candidate.boards.contains(machine.board ?? "") {
            let board = machine.board.map { "this one is \($0)" } ?? "nobody knows what this one is"
            throw refusal(
                .board, "it is for the boards \(candidate.boards.joined(separator: ", ")), and \(board)",
                "Choose the image for this board, or name the board in the configuration (policy: board:).")
        }
        if let needed = candidate.minimumAgent, machine.agent < needed {
            throw refusal(
                .agent, "it needs lifeboot \(needed), and this is \(machine.agent)",
                "Upgrade to a release in between first.")
        }
    }

    private func checkMachine() throws(Refusal) {
        if let unsavable {
            throw refusal(
                .unsavable, "GRUB could not write boot.env when it started this system (\(unsavable))",
                "No attempt would be counted, so a broken image would be started for ever; "
                    + "see `lifeboot boot-env check`.")
        }
        if let pending = environment.pending {
            throw refusal(
                .impossible, "a \(pending.rawValue) is pending", "Restart the machine, so that recovery finishes it.")
        }
        for (name, store) in [("state", state), ("recovery", recovery)] {
            guard let problem = store.problem, name == "state" || options.only == .recovery else { continue }
            throw refusal(
                .impossible, "the \(name) partition could not be read: \(problem)", "See `journalctl -k`.")
        }
    }

    private func checkSequence() throws(Refusal) {
        guard policy.downgrade == .refuse, !options.allowsDowngrade, let installed = installedSequence,
            candidate.sequence < installed
        else { return }
        throw refusal(
            .downgrade, "its sequence \(candidate.sequence) is lower than \(installed), which is installed",
            "Add --allow-downgrade to go back all the same.")
    }

    /// The sequence of what is installed: of active unless it was given up, else of passive; nil when nobody knows.
    package var installedSequence: Int64? {
        Self.installedSequence(environment, state: state, recovery: recovery, only: options.only)
    }

    /// The same, before it is known what is to be installed.
    package static func installedSequence(
        _ environment: BootEnvironment, state: StoreFacts, recovery: StoreFacts, only: Role?
    ) -> Int64? {
        if only == .recovery { return recovery.image(environment.recovery)?.sequence }
        let role = environment.activeState == .bad && environment.passive != nil ? Role.passive : .active
        return state.image(environment.image(of: role))?.sequence
    }
}
