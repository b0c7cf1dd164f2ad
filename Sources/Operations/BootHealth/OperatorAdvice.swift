import BootModel
import GrubEnvironment
import ImageModel
import InstalledSystem

/// Tells the operator what to do next.
struct OperatorAdvice {
    private let facts: StatusFacts

    /// Prepares to advise.
    init(_ facts: StatusFacts) { self.facts = facts }

    /// One sentence each; empty when there is nothing to do.
    var lines: [String] { environment + saving + copies + (facts.parameters.role == .recovery ? recovery : fallback) }

    private var environment: [String] {
        switch facts.environment {
        case .readable(_, let problems) where problems.isEmpty: []
        case .readable, .unusable: ["Repair boot.env: lifeboot boot-env repair"]
        case .unreadable: ["Look after the boot partition: journalctl -k, then fsck.fat -n on it."]
        }
    }

    private var saving: [String] {
        guard case .failed = facts.saving else { return [] }
        return [
            "GRUB must be able to write boot.env, or failed boots are not counted: see that the boot partition is "
                + "writable and its file system clean, then reboot."
        ]
    }

    private var copies: [String] {
        facts.copies.isEmpty
            ? []
            : [
                "Detach the copy of the system disk, or give it identifiers of its own (sgdisk --randomize-guids on it): "
                    + "a boot that is not counted may take it for this disk."
            ]
    }

    /// In a passive system that was fallen back to.
    private var fallback: [String] {
        guard facts.passedOver.contains(.active) || facts.environment.environment?.activeState == .bad else {
            return []
        }
        return facts.isUsable(.active)
            ? ["Put a repaired image in place, or try active once more: lifeboot switch active --once && reboot"]
            : ["Put a new image in place; active cannot be loaded as it is."]
    }

    /// Names the partition that stopped a role: to start the role again before it is looked after would be in vain.
    private func partitions(_ roles: [Role]) -> [String] {
        let steps: [BootStepKind: String] = [
            .findPersistent: "persistent", .unlockPersistent: "persistent", .mountPersistent: "persistent",
            .findImagePartition: "state", .checkImagePartition: "state", .mountImagePartition: "state",
        ]
        for role in roles {
            guard let failure = facts.recordedFailure(of: role),
                let kind = failure.step?.split(separator: " ").first.flatMap({ BootStepKind(rawValue: String($0)) }),
                let partition = steps[kind]
            else { continue }
            return ["Look after the \(partition) partition first, which stopped \(role.rawValue): \(failure.cause)"]
        }
        return []
    }

    /// In recovery: what leads out of it.
    private var recovery: [String] {
        guard let environment = facts.environment.environment else { return [] }
        if let pending = environment.pending {
            return ["A \(pending.rawValue) is pending; nothing else boots until it is finished here."]
        }
        if [.next, .menu].contains(facts.parameters.reason), environment.mayTry(environment.defaultRole) {
            return ["Leave recovery: reboot; the next boot is \(environment.defaultRole.rawValue)."]
        }
        let candidates = [Role.active, .passive].filter { environment.image(of: $0) != nil && facts.isUsable($0) }
        guard !candidates.isEmpty else {
            return ["Neither active nor passive can be loaded: put a new image on the state partition."]
        }
        return partitions(candidates)
            + candidates.map { role in
                let word = environment.mayTry(role) ? "Boot" : "Try"
                return "\(word) \(role.rawValue)\(environment.mayTry(role) ? "" : " once more"): "
                    + "lifeboot switch \(role.rawValue) --once && reboot"
            } + ["A full report of this boot is in /run/lifeboot/boot.json."]
    }
}
