import GrubEnvironment
import ImageModel
import Plans
import ReleaseModel
import Testing
import TransactionPlanning

@Suite("Whether recovery gets the image of active")
struct RecoveryFollowingTests {
    /// Active 2, passive 1, recovery 1; everything good.
    private static func finding(
        stays: Bool = false, _ change: (inout UpgradeFacts) throws -> Void
    ) throws -> RecoveryFollowing {
        let facts = try UpgradeFacts.fake(change)
        return RecoveryFollowing(facts.environment, state: facts.state, recovery: facts.recovery, stays: stays)
    }

    @Test("it does once active has been healthy, and not before")
    func healthy() throws {
        let two = try ImageID.fake("2")
        #expect(try Self.finding { _ in } == .due(two))
        #expect(try Self.finding { $0.environment.activeState = .trial } == .waiting(two))
        #expect(try Self.finding { $0.environment.activeState = .bad } == .settled)
        #expect(try Self.finding { $0.environment.pending = .reset } == .settled)
    }

    @Test("it never does against the policy or the wish of the upgrade", arguments: [ImageState.trial, .good])
    func kept(_ state: ImageState) throws {
        #expect(try Self.finding(stays: true) { $0.environment.activeState = state } == .kept(try .fake("2")))
    }

    @Test("after a rollback to an older image, and after a reset, there is nothing to do")
    func older() throws {
        let after = try Self.finding {
            $0.environment = try RoleChange.rollBack.applied(to: $0.environment)
            $0.recovery.images = [try .fake("2")]
            $0.environment.recovery = try .fake("2")
        }
        #expect(after == .settled)
        #expect(
            try Self.finding {
                $0.environment = BootEnvironment(active: try .fake("1"), recovery: try .fake("1"), activeState: .good)
            } == .settled)
    }

    @Test("an image that is not whole comes to nobody, and one that recovery has is replaced however new it is")
    func damaged() throws {
        #expect(try Self.finding { $0.state.images = [try .fake("2", isWhole: false)] } == .settled)
        let recovery = try Self.finding {
            $0.environment.recovery = try .fake("5")
            $0.recovery.images = [try .fake("5", isWhole: false)]
        }
        #expect(recovery == .due(try .fake("2")))
        #expect(try Self.finding { $0.environment.recovery = nil } == .due(try .fake("2")))
    }

    @Test("what cannot be read is neither yes nor no")
    func unknown() throws {
        let changes: [(inout UpgradeFacts) throws -> Void] = [
            { $0.state.problem = "input/output error" }, { $0.recovery.problem = "input/output error" },
            { $0.recovery.images[0].sequence = nil },
            // A count and the time at which something was made.
            { $0.recovery.images[0].created = $0.recovery.images[0].sequence },
        ]
        for change in changes {
            guard case .unknown = try Self.finding(change) else {
                Issue.record("it is known: \(try Self.finding(change))")
                continue
            }
        }
    }
}

@Suite("The upgrade of recovery after a healthy boot")
struct RecoveryFollowingPlanTests {
    /// The candidate is active's image.
    private static func facts(_ change: (inout UpgradeFacts) throws -> Void = { _ in }) throws -> UpgradeFacts {
        try .fake {
            $0.candidate = try .fake("2")
            try change(&$0)
        }
    }

    @Test("the plan is the one in the golden file")
    func golden() throws {
        let plan = try RecoveryFollowingPlan(try Self.facts())
        try Golden.check(plan.lines, "recovery-following")
        #expect(try plan.image == .fake("2") && plan.plan?.unmet() == [])
    }

    @Test("no hook runs: those of the upgrade have")
    func hooks() throws {
        let plan = try RecoveryFollowingPlan(try Self.facts())
        #expect(plan.plan?.steps.contains { $0.action.name == "run-hooks" } == false)
    }

    @Test("without room it is refused")
    func full() throws {
        #expect { try RecoveryFollowingPlan(try Self.facts { $0.recovery.free = 10_000_000 }) } throws: {
            "\($0)".contains("MB are needed on the recovery partition")
        }
    }

    @Test("nothing to do says why, and what nobody knows is refused")
    func nothing() throws {
        let reasons: [(RecoveryFollowing, String)] = [
            (.settled, "as new as active"), (.waiting(try .fake("2")), "once that has been healthy"),
            (.kept(try .fake("2")), "policy recovery-upgrade"),
        ]
        for (finding, words) in reasons {
            let plan = try RecoveryFollowingPlan(nothing: finding)
            #expect(plan.plan == nil && plan.reason.contains(words))
        }
        #expect(throws: (any Error).self) { try RecoveryFollowingPlan(nothing: .unknown("it is torn")) }
    }
}

@Suite("An upgrade, and recovery that is older")
struct UpgradeWithoutRecoveryTests {
    @Test("does not touch recovery, and says that it follows")
    func follows() throws {
        let plan = try UpgradePlan(try .fake())
        #expect(plan.active != nil && plan.recovery == nil && plan.recoveryFollows)
        #expect(plan.notes.contains { $0.contains("once it has been healthy") })
    }

    @Test("does not say so where recovery stays what it is")
    func stays() throws {
        let changes: [(inout UpgradeFacts) throws -> Void] = [
            { $0.policy.recoveryUpgrade = .refuse }, { $0.recovery.free = 10_000_000 }, { $0.options.only = .active },
            {
                $0.environment.recovery = try .fake("4")
                $0.recovery.images = [try .fake("4")]
            },
        ]
        for change in changes {
            let plan = try UpgradePlan(try .fake(change))
            #expect(plan.recovery == nil && !plan.recoveryFollows)
        }
    }

    @Test("upgrades it at once when asked to, whatever the policy says", arguments: [Policy.Verdict.allow, .refuse])
    func atOnce(_ verdict: Policy.Verdict) throws {
        let plan = try UpgradePlan(
            try .fake {
                $0.options.withRecovery = true
                $0.policy.recoveryUpgrade = verdict
            })
        #expect(plan.recovery != nil && !plan.recoveryFollows)
    }

    @Test("remembers that only active was meant")
    func wish() throws {
        for only in [Role.active, nil] {
            let plan = try UpgradePlan(try .fake { $0.options.only = only })
            let wishes = plan.active?.steps.compactMap { step in
                if case .keepRecord(_, let stays) = step.action { stays } else { nil as Bool? }
            }
            #expect(wishes == [only == .active])
        }
    }

    @Test("asked for again before the restart, says that a restart starts it")
    func waiting() throws {
        let facts = try UpgradeFacts.fake {
            $0.state.images.append(try .fake("3"))
            $0.environment.active = try .fake("3")
            $0.environment.activeState = .trial
        }
        let plan = try UpgradePlan(facts)
        #expect(try plan.active == nil && plan.waitingImage == .fake("3"))
        #expect(plan.notes.contains("it starts when the machine is restarted"))
        var running = facts
        running.runningImage = try .fake("3")
        #expect(try UpgradePlan(running).waitingImage == nil)
        var pinned = facts
        pinned.environment.defaultRole = .passive
        #expect(try UpgradePlan(pinned).waitingImage == nil, "passive starts next")
    }
}
