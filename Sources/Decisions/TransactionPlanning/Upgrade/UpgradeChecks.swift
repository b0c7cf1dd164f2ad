import BootModel
package import Faults
import GrubEnvironment
import ImageModel
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
        try checkProduct()
        try checkAge()
    }

    func refusal(_ kind: RefusalKind, _ cause: String, remedy: String) -> Refusal {
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
}
