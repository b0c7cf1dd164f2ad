import DiskContract
import Faults
import GrubEnvironment
import ImageModel
import Plans
import ReleaseModel
import Testing
import TransactionPlanning

/// One machine whose whole plan is kept as a file.
struct UpgradeCase: CustomTestStringConvertible, Sendable {
    var name: String
    var change: @Sendable (inout UpgradeFacts) throws -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout UpgradeFacts) throws -> Void = { _ in }) {
        self.name = name
        self.change = change
    }

    var testDescription: String { name }

    static let all = [
        UpgradeCase("upgrade-from-active"),
        UpgradeCase("upgrade-from-passive") {
            $0.runningRole = .passive
            $0.runningImage = try .fake("1")
            $0.environment.activeState = .bad
            $0.environment.defaultRole = .passive
        },
        UpgradeCase("upgrade-from-recovery") {
            $0.runningRole = .recovery
            $0.runningImage = try .fake("1")
        },
        UpgradeCase("upgrade-active-on-trial") { $0.environment.activeState = .trial },
        UpgradeCase("upgrade-with-recovery") { $0.options.withRecovery = true },
        UpgradeCase("upgrade-recovery-refused") { $0.policy.recoveryUpgrade = .refuse },
        UpgradeCase("upgrade-waits-for-restart") {
            $0.candidate = try .fake("3")
            $0.state.images.append(try .fake("3"))
            $0.environment.active = try .fake("3")
            $0.environment.activeState = .trial
        },
        UpgradeCase("upgrade-only-active") { $0.options.only = .active },
        UpgradeCase("upgrade-only-recovery") { $0.options.only = .recovery },
        UpgradeCase("upgrade-only-recovery-of-active") {
            $0.options.only = .recovery
            $0.candidate = try .fake("2")
        },
        UpgradeCase("upgrade-container") {
            $0.candidate = try .fake("3", kind: .container)
            $0.options.withRecovery = true
        },
        UpgradeCase("upgrade-nothing-to-do") {
            $0.candidate = try .fake("2")
            $0.recovery.images = [try .fake("2")]
            $0.environment.recovery = try .fake("2")
        },
        UpgradeCase("upgrade-recovery-only-is-older") {
            $0.candidate = try .fake("2")
            $0.options.withRecovery = true
        },
        UpgradeCase("upgrade-same-container") {
            $0.candidate = try .fake("2", kind: .container)
            $0.options.only = .active
        },
        UpgradeCase("upgrade-cut-before-commit") { $0.state.images.append(try .fake("3")) },
        UpgradeCase("upgrade-to-passive") {
            $0.candidate = try .fake("1")
            $0.options.allowsDowngrade = true
        },
        UpgradeCase("upgrade-leftovers") {
            $0.state.images.append(try .fake("8"))
            $0.state.images.append(try .fake("9", isWhole: false))
            $0.state.staging = [
                .init(".staging-3333333333333333", bytes: 7), .init(".staging-7777777777777777", bytes: 9),
            ]
            $0.recovery.staging = [.init(".staging-7777777777777777", bytes: 9)]
            $0.options.withRecovery = true
        },
        UpgradeCase("upgrade-giving-up-passive") {
            $0.state.free = 10_000_000
            $0.options.allowsGivingUpPassive = true
            $0.options.only = .active
        },
        UpgradeCase("upgrade-recovery-full") { $0.recovery.free = 10_000_000 },
        UpgradeCase("upgrade-unsigned-allowed") {
            $0.candidate.trust = .unsigned
            $0.candidate.bootsSigned = false
            $0.options.allowsUnsigned = true
            $0.options.withRecovery = true
        },
        UpgradeCase("upgrade-first-image") {
            $0.environment.active = nil
            $0.environment.passive = nil
            $0.state.images = []
            $0.runningRole = .recovery
            $0.runningImage = try .fake("1")
        },
    ]
}

@Suite("Golden upgrades")
struct GoldenUpgradeTests {
    @Test("the plan is the one in the golden file", arguments: UpgradeCase.all)
    func plan(_ golden: UpgradeCase) throws {
        let plan = try UpgradePlan(try .fake(golden.change))
        try Golden.check(plan.lines, golden.name)
        // One that follows active's part may copy the image which that made.
        #expect(plan.active?.unmet() ?? [] == [])
        #expect(plan.recovery?.unmet(given: plan.active == nil ? [] : [.image]) ?? [] == [])
    }
}

@Suite("An upgrade to an image that is there")
struct ExistingImageTests {
    @Test("it is made last for GRUB before a role names it, for a cut may have come before that")
    func frozen() throws {
        let plan = try UpgradePlan(
            try .fake {
                $0.state.images.append(try .fake("3"))
                $0.recovery.images.append(try .fake("3"))
                $0.options.withRecovery = true
            })
        for part in [plan.active, plan.recovery] {
            let names = try #require(part).steps.map(\.action.name)
            let check = try #require(names.firstIndex(of: "verify-image"))
            #expect(names[check + 1] == "publish-image")
        }
    }
}

@Suite("What an upgrade refuses")
struct UpgradeRefusalTests {
    static let refusals: [(RefusalKind, UpgradeCase)] = [
        (.unsigned, UpgradeCase("unsigned") { $0.candidate.trust = .unsigned }),
        (.untrusted, UpgradeCase("unknown form") { $0.candidate.trust = .unread(["Notation"]) }),
        (.untrusted, UpgradeCase("unknown key") { $0.candidate.trust = .untrusted(["vendor.pem"]) }),
        (
            .untrusted,
            UpgradeCase("container refused") {
                $0.candidate = try .fake("3", kind: .container)
                $0.policy.localImages = .refuse
            }
        ),
        (
            .unsigned,
            UpgradeCase("allowed unsigned, but nobody may sign it here") {
                $0.candidate.trust = .unsigned
                $0.candidate.bootsSigned = false
                $0.policy.unsigned = .allow
                $0.policy.localImages = .refuse
            }
        ),
        (.architecture, UpgradeCase("architecture") { $0.candidate.architecture = "arm64" }),
        (.board, UpgradeCase("board") { $0.candidate.boards = ["red", "green"] }),
        (
            .board,
            UpgradeCase("unknown board") {
                $0.candidate.boards = ["red"]
                $0.machine.board = nil
            }
        ),
        (.agent, UpgradeCase("agent") { $0.candidate.minimumAgent = AgentVersion(0, 2, 0) }),
        (.downgrade, UpgradeCase("downgrade") { $0.candidate = try .fake("1") }),
        (
            .downgrade,
            UpgradeCase("downgrade of recovery, which is newer than active") {
                $0.options.only = .recovery
                $0.recovery.images = [try .fake("4")]
                $0.environment.recovery = try .fake("4")
            }
        ),
        (
            .downgrade,
            UpgradeCase("downgrade below an active that was given up, without a passive") {
                $0.state.images = [try .fake("4")]
                ($0.environment.active, $0.environment.passive) = (try .fake("4"), nil)
                $0.environment.activeState = .bad
            }
        ),
        (.unsavable, UpgradeCase("GRUB") { $0.unsavable = "it is read-only" }),
        (.impossible, UpgradeCase("pending") { $0.environment.pending = .reset }),
        (.impossible, UpgradeCase("unreadable state") { $0.state.problem = "input/output error" }),
        (
            .impossible,
            UpgradeCase("unreadable recovery, and only that is meant") {
                $0.recovery.problem = "input/output error"
                $0.options.only = .recovery
            }
        ),
        (.space, UpgradeCase("space") { $0.state.free = 10_000_000 }),
        (
            .space,
            UpgradeCase("giving passive up does not help") {
                $0.state.free = 10_000_000
                $0.options.allowsGivingUpPassive = true
                $0.candidate.bytes = 900_000_000
            }
        ),
        (
            .space,
            UpgradeCase("passive runs") {
                $0.state.free = 10_000_000
                $0.options.allowsGivingUpPassive = true
                $0.runningRole = .passive
                $0.runningImage = try .fake("1")
            }
        ),
        (
            .space,
            UpgradeCase("active is not known good") {
                $0.state.free = 10_000_000
                $0.options.allowsGivingUpPassive = true
                $0.environment.activeState = .trial
            }
        ),
        (
            .space,
            UpgradeCase("recovery is full") {
                $0.recovery.free = 10_000_000
                $0.options.only = .recovery
            }
        ),
    ]

    @Test("each reason has a kind of its own", arguments: refusals)
    func refuses(_ kind: RefusalKind, _ example: UpgradeCase) throws {
        let facts = try UpgradeFacts.fake(example.change)
        var found: RefusalKind?
        do throws(Refusal) { _ = try UpgradePlan(facts) } catch { found = error.kind }
        #expect(found == kind)
    }

    @Test("a machine without keys says so, instead of naming none")
    func noKeys() throws {
        let facts = try UpgradeFacts.fake { $0.candidate.trust = .untrusted([]) }
        #expect { try UpgradePlan(facts) } throws: {
            "\($0)".contains("it is signed, but this machine trusts no key at all")
        }
    }

    @Test("what was given up no longer counts as installed")
    func givenUp() throws {
        let facts = try UpgradeFacts.fake {
            $0.state.images.append(try .fake("4"))
            $0.environment.active = try .fake("4")
            $0.environment.activeState = .bad
            $0.runningRole = .passive
            $0.runningImage = try .fake("1")
        }
        #expect(facts.installedSequence == 1)
        #expect(try UpgradePlan(facts).active != nil)
    }

    @Test("what fell back and was rolled back, but not restarted, is active: it becomes passive, not the broken image")
    func rolledBack() throws {
        let facts = try UpgradeFacts.fake {
            $0.runningRole = .passive
            $0.environment.passive = try .fake("1")
            $0.environment.passiveState = .bad
        }
        let commits = try #require(try UpgradePlan(facts).active).steps.compactMap { step in
            if case .commit(let change) = step.action { change } else { nil }
        }
        #expect(commits == [.upgradeActive(running: .active)])
    }

    @Test("recovery needs no room for layers when the image is copied, only when it is made there")
    func roomForCopies() throws {
        var facts = try UpgradeFacts.fake {
            $0.candidate = try .fake("3", kind: .container)
            $0.recovery.free = $0.candidate.bytes + $0.candidate.workspace / 2
            $0.options.withRecovery = true
        }
        #expect(try UpgradePlan(facts).recovery != nil)
        facts.options.withRecovery = false
        facts.options.only = .recovery
        #expect(throws: Refusal.self) { try UpgradePlan(facts) }
    }

    @Test("an image that is half there is not the same image")
    func half() throws {
        let facts = try UpgradeFacts.fake {
            $0.candidate = try .fake("2")
            $0.state.images = [try .fake("1"), try .fake("2", isWhole: false)]
        }
        #expect(try UpgradePlan(facts).active != nil)
    }
}

@Suite("What an upgrade never removes before its commit")
struct UpgradeSafetyTests {
    /// Every combination of running role, states, roles and leftovers.
    static func machines() throws -> [UpgradeFacts] {
        var machines: [UpgradeFacts] = []
        for role in Role.allCases {
            for (active, passive) in [("2", "1"), ("2", nil), (nil, nil), ("1", "2"), ("2", "2")]
                as [(Character?, Character?)]
            {
                for state in ImageState.allCases {
                    for candidate in "123" {
                        for free in [0, 2_000_000_000] {
                            machines.append(
                                try .fake {
                                    $0.environment.active = try active.map { try .fake($0) }
                                    $0.environment.passive = try passive.map { try .fake($0) }
                                    $0.environment.activeState = state
                                    $0.runningRole = role
                                    let running = role == .active ? active : role == .passive ? passive : "1"
                                    $0.runningImage = try .fake(running ?? "9")
                                    $0.state.images += [try .fake("3"), try .fake("9")]
                                    $0.recovery.images += [try .fake("9")]
                                    $0.state.free = free
                                    $0.candidate = try .fake(candidate)
                                    $0.options.allowsDowngrade = true
                                    $0.options.allowsGivingUpPassive = true
                                    $0.options.withRecovery = true
                                })
                        }
                    }
                }
            }
        }
        return machines
    }

    @Test("nothing that a role names or that runs, unless it is on record first")
    func neverReferenced() throws {
        var planned = 0
        for facts in try Self.machines() {
            guard let plan = try? UpgradePlan(facts) else { continue }
            planned += 1
            for part in [plan.active, plan.recovery].compactMap(\.self) { try check(part, facts) }
        }
        #expect(planned > 200)
    }

    private func check(_ plan: Plan<UpgradeAction>, _ facts: UpgradeFacts) throws {
        var environment = facts.environment
        for step in plan.steps {
            switch step.action {
            case .recordRoles(let change): environment = try change.applied(to: environment)
            case .removeImage(let place, let image): expectUnused(place, image.description, environment, facts)
            case .removeLeftovers(let place, let names):
                for name in names { expectUnused(place, name, environment, facts) }
            case .writeImage(_, _, let staging), .copyImage(_, _, _, let staging):
                #expect(staging.hasPrefix(".staging-"))
            case .removeUnused, .keepRecord: #expect(step.moment == .finish)
            case .commit: #expect(step.moment == .commit)
            default: break
            }
        }
        #expect(plan.steps.count { $0.moment == .commit } == 1)
    }

    private func expectUnused(
        _ place: Store, _ name: String, _ environment: BootEnvironment, _ facts: UpgradeFacts
    ) {
        let roles: [Role] = place == .recovery ? [.recovery] : [.active, .passive]
        #expect(!roles.contains { environment.image(of: $0)?.description == name })
        let runsHere = (facts.runningRole == .recovery) == (place == .recovery)
        #expect(!runsHere || facts.runningImage.description != name)
    }
}
