import BootModel
import DiskContract
import GrubEnvironment
package import ImageModel
import InstalledSystem

/// Tells the operator what to do next; a command is named only where it is not refused.
struct OperatorAdvice {
    private let facts: StatusFacts

    /// Prepares to advise.
    init(_ facts: StatusFacts) { self.facts = facts }

    /// One sentence each; empty when there is nothing to do.
    var lines: [String] { environment + saving + copies + (facts.parameters.role == .recovery ? recovery : fallback) }

    private var environment: [String] {
        switch facts.environment {
        case .readable(_, let problems) where problems.isEmpty: []
        case .readable, .unusable:
            facts.canRepair
                ? ["Repair boot.env: lifeboot boot-env repair"]
                : ["boot.env cannot be repaired, for no whole image is to be found: look after both partitions."]
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
        let isGivenUp = facts.environment.environment?.activeState == .bad
        guard facts.passedOver.contains(.active) && !facts.hasNewImage(.active) || isGivenUp else { return [] }
        var lines = upgrade("Put a repaired image in place")
        if facts.canRollBack { lines.append("Keep what runs as active: lifeboot rollback") }
        lines += facts.canSwitch(to: .active) ? [attempt(.active)] : []
        return lines.isEmpty ? ["Put a new image in place; active cannot be loaded as it is."] : lines
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
        if let pending = environment.pending { return [self.pending(pending)] }
        let leaving = leaving(environment)
        let reset =
            facts.canReset ? ["Deploy recovery's image as active again; data is kept: lifeboot reset"] : []
        return reset + upgrade("Put another image in place") + leaving
            + ["A full report of this boot is in /run/lifeboot/boot.json."]
    }

    /// What starts another role than recovery.
    private func leaving(_ environment: BootEnvironment) -> [String] {
        if let next = facts.nextBoot, next.role != .recovery, facts.canLeaveByRestart {
            return ["Leave recovery: reboot; the next boot is \(next.role.rawValue)."]
        }
        let candidates = [Role.active, .passive].filter(facts.canSwitch)
        return partitions(candidates) + candidates.map(attempt)
    }

    private func pending(_ pending: PendingOperation) -> String {
        guard facts.canReset else {
            return "A \(pending.rawValue) is pending; nothing else boots until it is finished."
        }
        return "A \(pending.rawValue) is pending; nothing else boots until it is finished: lifeboot resume"
    }

    private func upgrade(_ sentence: String) -> [String] {
        facts.canUpgrade ? ["\(sentence): lifeboot upgrade SOURCE"] : []
    }

    private func attempt(_ role: Role) -> String {
        let isOver = facts.environment.environment?.mayTry(role) == false
        return "\(isOver ? "Try" : "Boot") \(role.rawValue)\(isOver ? " once more" : ""): "
            + "lifeboot switch \(role.rawValue) --once && reboot"
    }
}

/// What commands would not refuse, as far as the status knows: the same questions that they ask.
extension StatusFacts {
    /// `lifeboot boot-env repair`: something names an image, or one is to be found.
    var canRepair: Bool {
        let isNamed =
            environment.primary.map { known in Role.allCases.contains { known.image(of: $0) != nil } } ?? false
        return isNamed || images.contains(where: \.isWhole)
    }

    /// `lifeboot reset`, in recovery.
    package var canReset: Bool {
        guard parameters.role == .recovery, environment.primary != nil, let running = parameters.image else {
            return false
        }
        return images.contains { $0.id == running && $0.store == .recovery && $0.isWhole }
    }

    /// `lifeboot upgrade` with some image.
    var canUpgrade: Bool {
        if case .failed = saving { return false }
        return environment.primary != nil && environment.primary?.pending == nil && !unknownPlaces.contains(.state)
    }

    /// `lifeboot rollback`, while passive runs.
    var canRollBack: Bool {
        guard let known = environment.primary, known.pending == nil, parameters.role == .passive else { return false }
        return known.active != parameters.image && known.passiveState != .bad && stored(.passive)?.isWhole == true
    }

    /// `lifeboot switch`, without force.
    package func canSwitch(to role: Role) -> Bool {
        guard environment.primary != nil, let stored = stored(role) else { return false }
        return stored.faults.isEmpty && isUsable(role) && damagedRoots[stored.id] == nil
    }

    /// Whether recovery runs because somebody chose it, or because of what has another image by now.
    var canLeaveByRestart: Bool {
        guard let next = nextBoot else { return false }
        return [.next, .menu].contains(parameters.reason) || hasNewImage(next.role)
    }
}
