import DiskContract
import GrubEnvironment
import ImageModel
import ImagePlanning
import InstalledSystem
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning
import Transactions

/// A table of a disk and what the kernel knows of it, by the partitions' numbers.
final class FakeTable {
    var entries: [Int: DiskPartition] = [:]
    var known: [Int: DiskPartition] = [:]
    var whole: Set<Partition> = []
    var recoverySize: Int64 = 192 << 20
    var writes = 0

    init() {
        var start: Int64 = 1 << 20
        for (name, size) in [(Partition.bios, 1), (.boot, 128), (.oem, 64), (.recovery, 192)] as [(Partition, Int64)] {
            entries[name.number] = DiskPartition(name: name, offset: start, size: size << 20)
            start += size << 20
        }
        known = entries
    }
}

extension FakeResetMachine: CompletionMachine {
    mutating func writeTable(_ places: [DiskPartition]) throws {
        try machine.faults.call("write table") {
            table.writes += 1
            for place in places { table.entries[place.name.number] = place }
        }
    }

    mutating func addPartition(_ place: DiskPartition) throws {
        try machine.faults.call("add partition") { table.known[place.name.number] = place }
    }

    mutating func resizePartition(_ place: DiskPartition) throws {
        try machine.faults.call("resize partition") { table.known[place.name.number] = place }
    }

    mutating func growRecovery() throws {
        try machine.faults.call("grow recovery") { table.recoverySize = table.known[4]?.size ?? 0 }
    }

    mutating func markWhole(_ name: Partition) throws {
        try machine.faults.call("mark \(name)") { _ = table.whole.insert(name) }
    }
}

/// A machine in recovery 1, whose disk has nothing else.
private struct CompletionScene {
    let scene: ResetScene
    let table = FakeTable()

    init() throws {
        scene = try ResetScene()
        var environment = BootEnvironment(recovery: scene.images[0].id)
        environment.pending = .install
        scene.store.current = environment
    }

    /// What the gathering of facts would say.
    func facts() throws -> CompletionFacts {
        let image = scene.images[0]
        let planned = PlannedImage(
            source: "recovery", id: image.id, title: "demo", size: 16_384, staging: ".staging-\(image.id)")
        let entries = { (places: [Int: DiskPartition]) in
            places.values.map {
                CompletionFacts.Entry(
                    number: $0.name.number, name: $0.name.rawValue, start: $0.offset >> 9, sectors: $0.size >> 9)
            }
        }
        var facts = CompletionFacts(
            role: .recovery, environment: scene.store.current, disk: "/dev/vda", diskSectors: 16 << 21,
            entries: entries(table.entries), known: entries(table.known), recoverySize: table.recoverySize,
            image: planned)
        (facts.whole, facts.settings.isEncrypted) = (table.whole, true)
        return facts
    }

    func complete() throws {
        guard scene.store.current.pending == .install else { return }
        let machine = FakeOperationMachine(root: scene.folder.path, faults: scene.faults, store: scene.store)
        var effects = CompletionEffects(
            machine: FakeResetMachine(machine: machine, formatted: scene.formatted, table: table),
            supplier: DerivingSupplier(
                fake: FakeSupplier(signature: .thisMachine, image: scene.images[0], faults: scene.faults)),
            hooks: HookRunner(isStrict: true, folders: []))
        _ = try TransactionRunner.run(try CompletionPlan.make(try facts()), &effects) { _ in }
    }

    func checkFinished(_ comment: Comment) throws {
        #expect(
            scene.store.current == BootEnvironment(active: scene.images[0].id, recovery: scene.images[0].id), comment)
        #expect(try scene.images[0].isWhole(in: scene.path("state")), comment)
        #expect(table.whole == [.state, .persistent] && table.entries.count == 6, comment)
        #expect(table.known == table.entries && table.recoverySize == 2 << 30, comment)
        #expect(Set(scene.formatted.persistent) == [.storedKey], comment)
    }
}

@Suite("Completing on folders", .timeLimit(.minutes(10)))
struct CompletionEffectsTests {
    @Test("the table is written once, each partition formatted once, and recovery's image becomes active")
    func completed() throws {
        let scene = try CompletionScene()
        try scene.complete()
        try scene.checkFinished("the whole")
        #expect(scene.table.writes == 1 && scene.scene.formatted.state == 1)
        #expect(scene.scene.formatted.persistent == [.storedKey] && scene.scene.formatted.oem == 0)
        #expect(scene.scene.store.records.count == 1)
    }

    @Test(
        "after a fault or cut at any call, with a restart or without, completing goes on and comes to the same end",
        arguments: [false, true], [false, true])
    func sweep(isAfter: Bool, restarts: Bool) throws {
        let undisturbed = try CompletionScene()
        try undisturbed.complete()
        let calls = undisturbed.scene.faults.calls.count
        #expect(calls > 12)
        for call in 1...calls {
            let scene = try CompletionScene()
            (scene.scene.faults.failing, scene.scene.faults.isAfter) = (call, isAfter)
            try? scene.complete()
            let comment: Comment = "call \(call) \(isAfter ? "after" : "before") \(scene.scene.faults.calls.last ?? "")"
            try scene.scene.checkBootable(comment)
            let whole = scene.table.whole
            let formatted = (scene.scene.formatted.persistent.count, scene.scene.formatted.state)
            scene.scene.faults.failing = nil
            if restarts { scene.table.known = scene.table.entries }
            try scene.complete()
            try scene.checkFinished(comment)
            if whole.contains(.persistent) {
                #expect(scene.scene.formatted.persistent.count == formatted.0, comment)
            }
            if whole.contains(.state) { #expect(scene.scene.formatted.state == formatted.1, comment) }
            #expect(scene.table.writes <= 2, comment)
        }
    }
}
