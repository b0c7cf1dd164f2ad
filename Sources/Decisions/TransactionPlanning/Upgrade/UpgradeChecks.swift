import BootModel
package import Faults
package import GrubEnvironment
package import ImageModel
import ReleaseModel

extension UpgradeFacts {
    /// Refuses what this machine must not install, the first reason that applies.
    ///
    /// - Throws: `Refusal`.
    package func check() throws(Refusal) {
        try ImageAcceptance(
            candidate, on: machine, policy: policy, allowsUnsigned: options.allowsUnsigned, for: "upgrading to"
        ).check()
        try checkMachine()
        try checkSequence()
    }

    private func refusal(_ kind: RefusalKind, _ cause: String, remedy: String) -> Refusal {
        Refusal(kind, "upgrading to", candidate.reference, cause: cause, remedy: remedy)
    }

    private func checkMachine() throws(Refusal) {
        if let unsavable {
            throw refusal(
                .unsavable, "GRUB could not write boot.env when it started this system (\(unsavable))",
                remedy: "No attempt would be counted, so a broken image would be started for ever; "
                    + "see `lifeboot boot-env check`.")
        }
        if let pending = environment.pending {
            throw refusal(
                .impossible, "a \(pending.rawValue) is pending",
                remedy: "Restart the machine, so that recovery finishes it.")
        }
        for (name, store) in [("state", state), ("recovery", recovery)] {
            guard let problem = store.problem, name == "state" || options.only == .recovery else { continue }
            throw refusal(
                .impossible, "the \(name) partition could not be read: \(problem)", remedy: "See `journalctl -k`.")
        }
    }

    private func checkSequence() throws(Refusal) {
        guard policy.downgrade == .refuse, !options.allowsDowngrade, let installed = installedSequence,
            candidate.sequence < installed
        else { return }
        throw refusal(
            .downgrade, "its sequence \(candidate.sequence) is lower than \(installed), which is installed",
            remedy: "Add --allow-downgrade to go back all the same.")
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
