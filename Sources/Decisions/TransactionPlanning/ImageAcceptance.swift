package import Faults
package import ReleaseModel

/// Whether a machine takes an image, whatever is installed on it: trust, machine type, board, agent.
///
/// Every way to an image asks this: upgrade, reset, installation and pull.
package struct ImageAcceptance: Equatable, Sendable {
    /// The image.
    package var candidate: ImageCandidate
    /// What it has to fit.
    package var machine: MachineTraits
    /// What the machine accepts.
    package var policy: Policy
    /// Whether the operator accepts an image that no trusted key has signed.
    package var allowsUnsigned: Bool
    /// What is done with it, as a verb in -ing form, for the words of a refusal.
    package var operation: String

    /// Asks about an image.
    package init(
        _ candidate: ImageCandidate, on machine: MachineTraits, policy: Policy, allowsUnsigned: Bool,
        for operation: String
    ) {
        self.candidate = candidate
        self.machine = machine
        self.policy = policy
        self.allowsUnsigned = (allowsUnsigned || policy.unsigned == .allow) && !policy.isSealed
        self.operation = operation
    }

    /// Refuses what the machine must not take, for the first reason that applies.
    ///
    /// - Throws: `Refusal`.
    package func check() throws(Refusal) {
        try checkTrust()
        try checkBoot()
        try checkFit()
    }

    private func refusal(_ kind: RefusalKind, _ cause: String, _ remedy: String) -> Refusal {
        Refusal(kind, operation, candidate.reference, cause: cause, remedy: remedy)
    }

    private func checkTrust() throws(Refusal) {
        if allowsUnsigned { return }
        switch candidate.trust {
        case .signed, .installed: break
        case .unsigned:
            throw refusal(
                .unsigned, "it is not signed",
                policy.isSealed
                    ? "This system is sealed and takes nothing else: ask who publishes it for a signed one."
                    : "Ask who publishes it, sign it with `boatyard sign`, or add --allow-unsigned if you know what it is."
            )
        case .unread(let forms):
            throw refusal(
                .untrusted, "it is signed, but only in a form that is not read: \(forms.joined(separator: ", "))",
                "Sign it with `boatyard sign` or `cosign sign --key`, with a key that this machine trusts.")
        case .untrusted(let keys) where keys.isEmpty:
            throw refusal(
                .untrusted, "it is signed, but this machine trusts no key at all",
                "Put the publisher's key into /etc/lifeboot/keys; what boots must have it in its initramfs, too.")
        case .untrusted(let keys):
            throw refusal(
                .untrusted, "it is signed, but by none of the trusted keys (\(keys.joined(separator: ", ")))",
                "Put the publisher's key into /etc/lifeboot/keys, or ask for an image signed with a key that is there.")
        }
    }

    private func checkBoot() throws(Refusal) {
        guard candidate.kind == .container || !candidate.bootsSigned, policy.localImages == .refuse else { return }
        throw refusal(
            candidate.kind == .container ? .untrusted : .unsigned,
            policy.isSealed
                ? "only this machine could sign it for the boot, and this system is sealed"
                : "only this machine could sign it for the boot, and the policy local-images refuses that",
            policy.isSealed
                ? "Install a signed image of lifeboot's own format."
                : "Install a signed image of lifeboot's own format, or allow local-images in the configuration.")
    }

    private func checkFit() throws(Refusal) {
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
}
