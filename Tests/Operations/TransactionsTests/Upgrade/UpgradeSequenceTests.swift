import BootModel
import Faults
import Foundation
import GrubEnvironment
import ImageModel
import InstalledSystem
import Plans
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning
import Transactions

/// A machine with active 2, passive 1 and recovery 1, to which 3 comes.
struct UpgradeScene {
    let folder: TestFolder
    let images: [FakeImage]
    let store: FakeOperationMachine.FakeEnvironment
    let faults = FaultPlan()
    var running: (role: Role, image: ImageID)
    var signsLocally = false

    init(running role: Role = .active) throws {
        folder = try TestFolder()
        images = try FakeImage.all.get()
        store = .init(
            BootEnvironment(active: images[1].id, passive: images[0].id, recovery: images[0].id, activeState: .good))
        running = (role, role == .active ? images[1].id : images[0].id)
        for (place, present) in [("state", images.prefix(2)), ("recovery", images.prefix(1))] {
            for image in present {
                try image.write(folder.path.appending("\(place)/images/\(image.id)"))
            }
        }
        try folder.write("half", to: "state/images/.staging-0000000000000000/vmlinuz")
    }

    func path(_ place: String) -> FilePath { folder.path.appending(place) }

    /// Every name on both partitions.
    func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path.string).sorted()
    }

    /// What the history says was done, oldest first.
    var operations: [String] {
        store.records.compactMap(\.operation).map { operation in
            let numbers = [operation.former, operation.image].map { id in
                images.firstIndex { $0.id == id }.map { String($0 + 1) } ?? "-"
            }
            return "\(operation.kind.rawValue) \(operation.role.rawValue) \(numbers.joined(separator: " -> "))"
        }
    }

    /// What is on a partition, as the gathering of facts would say.
    func facts(_ place: String) throws -> StoreFacts {
        let names = try folder.names("\(place)/images")
        return StoreFacts(
            images: try images.filter { names.contains($0.id.description) }.map { image in
                var fact = image.fact()
                fact.isWhole = try image.isWhole(in: path(place))
                return fact
            },
            staging: names.filter { $0.hasPrefix(".staging") }.map { .init($0, bytes: 4) }, free: 1 << 30)
    }

    func plan(_ change: (inout UpgradeFacts) -> Void = { _ in }) throws -> UpgradePlan {
        var facts = UpgradeFacts(
            runningRole: running.role, runningImage: running.image, environment: store.current,
            state: try facts("state"), recovery: try facts("recovery"),
            machine: MachineTraits(architecture: "amd64", agent: AgentVersion(0, 1, 0)), candidate: images[2].candidate)
        facts.options.withRecovery = true
        change(&facts)
        return try UpgradePlan(facts)
    }

    @discardableResult
    func run(
        _ plan: UpgradePlan, isCancelled: @escaping () -> Bool = { false }
    ) throws(TransactionFailure) -> UpgradeResult {
        var effects = UpgradeEffects(
            machine: FakeOperationMachine(root: folder.path, faults: faults, store: store),
            supplier: FakeSupplier(
                signature: signsLocally ? .thisMachine : .publisher, image: images[2], faults: faults),
            hooks: HookRunner(isStrict: true, folders: []), running: running)
        return try UpgradeSequence.run(plan, &effects, isCancelled: isCancelled) { _ in }
    }

    /// Every role names a whole image, and what runs is whole too.
    func checkWhole(_ comment: Comment) throws {
        for environment in store.history + [store.current] {
            #expect(environment.active != nil && environment.recovery != nil, comment)
        }
        for (role, place) in [(Role.active, "state"), (.passive, "state"), (.recovery, "recovery")] {
            guard let id = store.current.image(of: role) else { continue }
            let image = try #require(images.first { $0.id == id })
            #expect(try image.isWhole(in: path(place)), "\(role) after \(comment)")
        }
        let runner = try #require(images.first { $0.id == running.image })
        #expect(try runner.isWhole(in: path(running.role == .recovery ? "recovery" : "state")), comment)
    }
}

@Suite("Upgrades on folders")
struct UpgradeSequenceTests {
    @Test("with nothing to do removes what an unfinished one left, and changes nothing that a role names")
    func leftovers() throws {
        let scene = try UpgradeScene()
        try scene.images[2].write(scene.path("state").appending("images/\(scene.images[2].id)"))
        let plan = try scene.plan {
            $0.candidate = scene.images[1].candidate
            $0.options.withRecovery = false
        }
        #expect(plan.isEmpty)
        #expect(plan.leftovers == [".staging-0000000000000000", "\(scene.images[2].id)"].sorted())
        let result = try scene.run(plan)
        #expect(!result.isChanged && result.warnings.isEmpty)
        #expect(try scene.folder.names("state/images") == scene.images.prefix(2).map { "\($0.id)" }.sorted())
        #expect(scene.store.current.active == scene.images[1].id)
        #expect(scene.operations.isEmpty)
    }

    @Test("from active, from passive and from recovery the roles are as specified", arguments: Role.allCases)
    func roles(_ role: Role) throws {
        let scene = try UpgradeScene(running: role)
        let result = try scene.run(try scene.plan())
        #expect(result.isChanged && result.warnings == [])
        let (one, two, three) = (scene.images[0].id, scene.images[1].id, scene.images[2].id)
        #expect(scene.store.current.active == three && scene.store.current.activeState == .trial)
        #expect(scene.store.current.passive == (role == .passive ? one : two))
        #expect(scene.store.current.recovery == three)
        try scene.checkWhole("the upgrade")
        let kept = [role == .passive ? one : two, three].map(\.description).sorted()
        #expect(try scene.folder.names("state/images") == kept)
        let recovery = role == .recovery ? [one, three] : [three]
        #expect(try scene.folder.names("recovery/images") == recovery.map(\.description).sorted())
        #expect(try scene.folder.names("state/lifeboot") == ["installed.json"])
    }

    @Test("both commits are in the history, and so is a rollback")
    func history() throws {
        let scene = try UpgradeScene()
        try scene.run(try scene.plan())
        #expect(scene.operations == ["upgrade active 2 -> 3", "upgrade recovery 1 -> 3"])
        let facts = RollbackFacts(
            runningRole: .active, runningImage: scene.images[2].id, environment: scene.store.current,
            state: try scene.facts("state"))
        var effects = RollbackEffects(
            machine: FakeOperationMachine(root: scene.folder.path, faults: scene.faults, store: scene.store))
        let plan = try #require(try RollbackPlan(facts).plan)
        _ = try TransactionRunner.run(plan, &effects) { _ in }
        #expect(scene.operations.last == "rollback active 3 -> 2")
        #expect(scene.store.records.last?.operation?.bootID == "boot-now")
    }

    @Test("an image whose id only making it shows goes to recovery too")
    func made() throws {
        let scene = try UpgradeScene()
        var candidate = scene.images[2].candidate
        candidate.id = nil
        let result = try scene.run(try scene.plan { $0.candidate = candidate })
        #expect(result.warnings == [] && result.image == scene.images[2].id)
        #expect(scene.store.current.recovery == scene.images[2].id)
        try scene.checkWhole("the upgrade")
    }

    @Test("the same upgrade again does nothing")
    func idempotent() throws {
        let scene = try UpgradeScene()
        try scene.run(try scene.plan())
        let (before, calls) = (try scene.names(), scene.faults.calls.count)
        let plan = try scene.plan()
        #expect(plan.isEmpty)
        let result = try scene.run(plan)
        #expect(!result.isChanged && result.image == nil && result.warnings == [])
        #expect(scene.store.history.count == 2, "a commit for active and one for recovery, no third")
        #expect(try scene.names() == before)
        #expect(scene.faults.calls.count == calls)
    }

    @Test("an image without a trusted signature gets the machine's, on both partitions")
    func localSignature() throws {
        var scene = try UpgradeScene()
        scene.signsLocally = true
        var candidate = scene.images[2].candidate
        candidate.bootsSigned = false
        try scene.run(try scene.plan { $0.candidate = candidate })
        let name = scene.images[2].id.description
        for place in ["state", "recovery"] {
            let names = try scene.folder.names("\(place)/images/\(name)")
            #expect(names.contains("local.sig") && names.contains("manifest.sig"))
        }
        #expect(try scene.folder.names("state/lifeboot") == ["installed.json", "machine-key.pem", "machine.pem"])
        #expect(try scene.folder.names("recovery/lifeboot") == ["machine.pem"])
        let path = scene.path("state/lifeboot/machine-key.pem").string
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("giving up passive is on record before its files go")
    func givingUpPassive() throws {
        let scene = try UpgradeScene()
        let plan = try scene.plan {
            $0.state.free = 1 << 20
            $0.state.images = $0.state.images.map { image in
                var image = image
                image.bytes = 64 << 20
                return image
            }
            $0.options.allowsGivingUpPassive = true
            $0.options.only = .active
        }
        try scene.run(plan)
        #expect(scene.store.history.first?.passive == nil && scene.store.history.first?.active == scene.images[1].id)
        #expect(scene.store.current.passive == scene.images[1].id)
        try scene.checkWhole("giving up passive")
    }

    @Test("an image that a cut left without a role is verified and used; a damaged one is made anew")
    func leftover() throws {
        for isDamaged in [false, true] {
            let scene = try UpgradeScene()
            let name = "state/images/\(scene.images[2].id)"
            try scene.images[2].write(scene.path(name))
            let plan = try scene.plan { $0.options.only = .active }
            #expect(plan.active?.steps.contains { $0.action.name == "verify-image" } == true)
            if isDamaged {
                try scene.folder.write(String(repeating: "x", count: 4096), to: "\(name)/vmlinuz")
                #expect { try scene.run(plan) } throws: { RefusalKind($0) == .mismatch }
                try scene.run(try scene.plan { $0.options.only = .active })
            } else {
                try scene.run(plan)
                #expect(!scene.faults.calls.contains("part 1"))
            }
            #expect(scene.store.current.active == scene.images[2].id)
            try scene.checkWhole("the second upgrade")
        }
    }

    @Test("a rollback exchanges the roles after reading the image, and a damaged one is refused")
    func rollback() throws {
        for isDamaged in [false, true] {
            let scene = try UpgradeScene()
            let facts = RollbackFacts(
                runningRole: .active, runningImage: scene.running.image, environment: scene.store.current,
                state: try scene.facts("state"))
            let plan = try #require(try RollbackPlan(facts).plan)
            var effects = RollbackEffects(
                machine: FakeOperationMachine(root: scene.folder.path, faults: scene.faults, store: scene.store))
            if isDamaged {
                try scene.folder.write("x", to: "state/images/\(scene.images[0].id)/vmlinuz")
                #expect { try TransactionRunner.run(plan, &effects) { _ in } } throws: {
                    RefusalKind($0) == .mismatch
                }
                #expect(scene.store.current.active == scene.images[1].id)
                #expect(try scene.folder.names("state/images").contains(scene.images[0].id.description))
            } else {
                _ = try TransactionRunner.run(plan, &effects) { _ in }
                #expect(scene.store.current.active == scene.images[0].id)
                #expect(scene.store.current.passive == scene.images[1].id)
            }
        }
    }
}

@Suite("An upgrade with a fault at every call")
struct UpgradeFaultTests {
    /// The number of calls of an upgrade without faults.
    static func calls(_ role: Role) throws -> Int {
        let scene = try UpgradeScene(running: role)
        try scene.run(try planned(scene))
        return scene.faults.calls.count
    }

    @Test(
        "leaves a system in which every role is whole, and a retry succeeds", arguments: Role.allCases, [false, true])
    func sweep(_ role: Role, _ isAfter: Bool) throws {
        let calls = try Self.calls(role)
        #expect(calls > 12)
        for number in 1...calls {
            let scene = try UpgradeScene(running: role)
            (scene.faults.failing, scene.faults.isAfter) = (number, isAfter)
            let before = scene.store.current
            var failure: TransactionFailure?
            do throws(TransactionFailure) { try scene.run(try Self.planned(scene)) } catch { failure = error }
            let name: Comment = "call \(number), \(scene.faults.calls[number - 1])"
            if failure != nil, !(isAfter && scene.store.history.count > 0) {
                #expect(scene.store.current == before, name)
            }
            try scene.checkWhole(name)
            scene.faults.failing = nil
            try scene.run(try Self.planned(scene))
            #expect(scene.store.current.active == scene.images[2].id, name)
            #expect(role != .active || scene.store.current.recovery == scene.images[2].id, name)
            try scene.checkWhole("\(name) and a retry")
            #expect(try !scene.folder.names("state/images").contains { $0.hasPrefix(".staging-removed") })
        }
    }

    private static func planned(_ scene: UpgradeScene) throws(TransactionFailure) -> UpgradePlan {
        // Both partitions from active; the copy to recovery is the same from everywhere, and slow.
        let only: Role? = scene.running.role == .active ? nil : .active
        do { return try scene.plan { $0.options.only = only } } catch {
            throw TransactionFailure(operation: "plan", step: "", because: error, remedy: "")
        }
    }

    @Test("cancelled at every question it leaves the old or the new system, and says so")
    func cancellation() throws {
        for questions in 0..<40 {
            let scene = try UpgradeScene()
            let before = scene.store.current
            var asked = 0
            var failure: TransactionFailure?
            do throws(TransactionFailure) {
                try scene.run(try Self.planned(scene)) {
                    asked += 1
                    return asked > questions
                }
            } catch { failure = error }
            try scene.checkWhole("cancellation after \(questions)")
            if let failure {
                #expect(RefusalKind(failure) == .cancelled)
                if scene.store.history.isEmpty {
                    #expect(scene.store.current == before)
                } else {
                    #expect(failure.remedy.contains("Active was upgraded"))
                }
            }
            try scene.run(try scene.plan())
            try scene.checkWhole("a retry after cancellation after \(questions)")
        }
    }
}
