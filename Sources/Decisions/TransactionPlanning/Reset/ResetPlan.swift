import BootModel
package import Faults
package import GrubEnvironment
package import ImageModel
package import Plans

/// Decides how a machine is reset; docs/resetting.md has the order and what every cut leaves.
package enum ResetPlan {
    /// What ext4 and the boot environment need besides the files of an image, in bytes.
    package static let reserve: Int64 = 8 << 20

    /// Plans to make a reset pending.
    ///
    /// - Throws: `Refusal` when it would lose data that was not named, or needs a key that was not given.
    package static func scheduling(
        _ request: ResetRequest, _ facts: ResetFacts
    ) throws(Refusal) -> Plan<ResetScheduling> {
        let protection = try protection(request, facts.persistent)
        var record = ResetRecord(source: request.source, protection: request.wipe.map { _ in protection })
        record.allowsOtherProduct = request.allowsOtherProduct
        return Plan(
            "reset", "made pending",
            [
                Step(.prepare, .writeRecord(record)),
                Step(.commit, .makePending(request.wipe)),
            ])
    }

    /// Plans to take a pending reset back.
    ///
    /// - Throws: `Refusal` when nothing is pending, or nothing but recovery would be there to boot.
    package static func unscheduling(_ facts: ResetFacts) throws(Refusal) -> Plan<ResetScheduling> {
        guard facts.environment.pending == .reset else {
            throw Refusal(
                .impossible, "taking back", "the reset", cause: "no reset is pending",
                remedy: "Nothing needs to be done.")
        }
        guard facts.environment.active != nil || facts.environment.passive != nil else {
            throw Refusal(
                .impossible, "taking back", "the reset", cause: "it has begun, and there is no other image to boot",
                remedy: "Finish it in recovery with `lifeboot reset --resume`.")
        }
        return Plan(
            "reset", "taken back",
            [
                Step(.commit, .takeBack),
                Step(.finish, .writeRecord(ResetRecord())),
            ])
    }

    /// Plans to carry out the pending reset, from its beginning or from where a cut left it.
    ///
    /// - Throws: `Refusal` when this is not recovery, the image is of another product, or a key is needed and was not given.
    package static func running(_ facts: ResetFacts) throws(Refusal) -> Plan<ResetAction> {
        guard facts.role == .recovery else { throw notRecovery(facts.role) }
        try checkProduct(facts)
        let steps =
            [Step(.prepare, ResetAction.runHooks(HookEvent(.before, of: "reset")))]
            + (try formatting(facts)) + [Step(.prepare, .mendState)] + deployment(facts)
        return Plan("reset", "active: \(facts.image.description)", steps)
    }

    /// Refuses what only recovery may do.
    package static func notRecovery(_ role: Role?) -> Refusal {
        Refusal(
            .role, "resetting", "this machine",
            cause: role.map { "the \($0.rawValue) system runs, and what is reset must not be in use" }
                ?? "no system of its disk runs",
            remedy: "Run `lifeboot reset --schedule` and restart, or boot recovery first.")
    }

    /// One key may sign several products; what somebody asked for by mistake is found out before anything is formatted.
    private static func checkProduct(_ facts: ResetFacts) throws(Refusal) {
        guard let product = facts.product, let name = facts.image.name, name != product else { return }
        throw Refusal(
            .product, "resetting to", facts.image.source, cause: "it is \(name), and recovery is \(product)",
            remedy: "Run `lifeboot reset --resume --allow-other-product` to change the product of this machine, or "
                + "`lifeboot reset` for recovery's own image.")
    }

    /// OEM first, for it may get the key that the persistent partition is made with.
    private static func formatting(_ facts: ResetFacts) throws(Refusal) -> [Step<ResetAction>] {
        guard let wipe = facts.environment.wipe else { return [] }
        var request = ResetRequest(wipe: wipe)
        request.protection = facts.record?.protection
        request.isKeyGiven = facts.isKeyGiven
        let protection = try protection(request, facts.persistent)
        var actions: [ResetAction] = []
        if wipe.includesOEM {
            let rest = WipeScope(persistent: wipe.includesPersistent, oem: false)
            actions += [.formatOEM, .noteFormatted(rest: rest)]
        }
        if wipe.includesPersistent { actions += [.formatPersistent(protection), .noteFormatted(rest: nil)] }
        return actions.map { Step(.prepare, $0) }
    }

    private static func deployment(_ facts: ResetFacts) -> [Step<ResetAction>] {
        var steps: [Step<ResetAction>] = []
        let others = facts.otherImages.filter { $0 != facts.image.id }
        let hasRoom = facts.free.map { $0 >= facts.image.size + reserve } ?? true
        let givesUp = !hasRoom && !facts.isDeployed && !others.isEmpty
        if givesUp { steps.append(Step(.prepare, .giveUpImages(others))) }
        steps += [
            Step(.prepare, .deploy(facts.image)),
            Step(.prepare, .runHooks(HookEvent(.afterChroot, of: "reset"))),
            Step(.prepare, .runHooks(HookEvent(.after, of: "reset"))),
        ]
        if facts.record != nil { steps.append(Step(.prepare, .removeRecord)) }
        steps.append(Step(.commit, .finish(facts.image)))
        if !givesUp, !others.isEmpty { steps.append(Step(.finish, .deleteImages(others))) }
        let note = HistoryNote(.reset, .active, former: facts.environment.active, title: facts.image.title)
        return steps + [Step(.finish, .noteHistory(note)), Step(.finish, .runHooks(HookEvent(.post, of: "reset")))]
    }

    /// How the persistent partition is to be made.
    private static func protection(
        _ request: ResetRequest, _ facts: PersistentFacts
    ) throws(Refusal) -> PersistentProtection {
        guard let wipe = request.wipe else { return .none }
        guard wipe.includesPersistent else {
            guard facts.isEncrypted, facts.hasStoredKey else { return .none }
            throw Refusal(
                .impossible, "formatting", "the OEM partition",
                cause: "it holds the key of the persistent partition, which is to be kept",
                remedy: "Add --persistent to give up both, or add a passphrase to the volume first.")
        }
        let asked = request.protection ?? asItIs(facts)
        let isStored = facts.hasStoredKey && !wipe.includesOEM
        switch asked {
        case .keyFile where !request.isKeyGiven && isStored: return .storedKey
        case .keyFile where !request.isKeyGiven: throw missingKey("--key-file")
        case .passphrase where !request.isKeyGiven: throw missingKey("--passphrase-file")
        default: return asked
        }
    }

    private static func asItIs(_ facts: PersistentFacts) -> PersistentProtection {
        guard facts.isEncrypted else { return .none }
        return facts.hasStoredKey ? .storedKey : .passphrase
    }

    private static func missingKey(_ option: String) -> Refusal {
        Refusal(
            .impossible, "formatting", "the persistent partition",
            cause: "it is encrypted, and its new key was not given",
            remedy: "Add \(option) FILE, or --no-encrypt to go on without encryption.")
    }
}

extension BootEnvironment {
    /// Makes a reset pending: nothing but recovery boots until it is finished.
    package func pendingReset(wiping wipe: WipeScope?) -> BootEnvironment {
        var result = self
        result.pending = .reset
        result.wipe = wipe
        return result
    }

    /// Notes what a pending reset still has to format.
    package func formatting(only rest: WipeScope?) -> BootEnvironment {
        var result = self
        result.wipe = rest
        return result
    }

    /// Takes the roles from images that are about to be deleted, and leaves all else.
    package func givingUpImages() -> BootEnvironment {
        var result = self
        result.active = nil
        result.passive = nil
        return result
    }

    /// Takes a pending reset back.
    package func withoutReset() -> BootEnvironment {
        var result = self
        result.pending = nil
        result.wipe = nil
        return result
    }

    /// Ends a reset: the image is active and on trial, there is no passive, and recovery stays what it is.
    package func afterReset(active image: ImageID) -> BootEnvironment {
        BootEnvironment(active: image, recovery: recovery)
    }
}
