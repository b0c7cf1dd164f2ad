import BootModel
import DiskContract
import Filesystems
import Foundation
import GrubEnvironment
import ImageModel
import ImageSources
import InstalledSystem
import LinuxSystem
import Plans
import RegistryModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning
import Transactions

/// What became of the partitions that a reset formats.
final class FormattedPartitions {
    var oem = 0
    var persistent: [PersistentProtection] = []
    var state = 0
    var stateOutcome = FilesystemMending.Outcome.clean
}

/// Partitions that are folders, of which some can be formatted.
struct FakeResetMachine: ResetMachine, ~Copyable {
    var machine: FakeOperationMachine
    let formatted: FormattedPartitions
    /// The table and what else completing changes.
    var table = FakeTable()

    mutating func formatOEM() throws { try machine.faults.call("format oem") { formatted.oem += 1 } }

    mutating func formatPersistent(_ protection: PersistentProtection) throws {
        try machine.faults.call("format persistent") {
            formatted.persistent.append(protection)
            table.whole.remove(.persistent)
        }
    }

    mutating func mendState() throws -> FilesystemMending.Outcome {
        try machine.faults.call("mend state") { formatted.stateOutcome }
    }

    mutating func formatState() throws {
        let path = machine.path(.state)
        try machine.faults.call("format state") {
            formatted.state += 1
            formatted.stateOutcome = .clean
            table.whole.remove(.state)
            try FileManager.default.removeItem(atPath: path.string)
            try Folders.make(path.appending("images"))
        }
    }

    mutating func open(_ place: Store) throws -> FilePath { try machine.open(place) }
    mutating func close(_ place: Store) throws { try machine.close(place) }
    func read<Result>(_ place: Store, _ body: (FilePath) throws -> Result) throws -> Result {
        try machine.read(place, body)
    }
    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try machine.root(of: folder, body)
    }
    func readEnvironment() throws -> EnvironmentCopies { try machine.readEnvironment() }
    mutating func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String? {
        try machine.writeEnvironment(bytes, first: first, second: second)
    }
    func lockPartitions() throws -> FileLock? { nil }
    func now() -> Int64 { machine.now() }
    func bootID() throws -> String { try machine.bootID() }
    mutating func append(_ record: HistoryRecord, on store: Store) throws { try machine.append(record, on: store) }
}

/// A fake supplier that also writes what is derived from the manifest.
struct DerivingSupplier: ImageSupplier, ~Copyable {
    var fake: FakeSupplier
    var traffic: Traffic { fake.traffic }
    var signature: BootSignature { fake.signature }

    mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, notes: [String]) {
        let result = try fake.stage(in: folder, locals: locals, progress: progress)
        for file in try fake.image.manifest.derivedFiles() {
            try AtomicFile.write(file.bytes, to: folder.appending(file.file.rawValue))
        }
        return result
    }
}

/// A machine in recovery 1 with active 2 and passive 3; it signs what it deploys.
struct ResetScene {
    let folder: TestFolder
    let images: [FakeImage]
    let store: FakeOperationMachine.FakeEnvironment
    let formatted = FormattedPartitions()
    let faults = FaultPlan()
    var isEncrypted = false

    init() throws {
        folder = try TestFolder()
        images = try FakeImage.all.get()
        store = .init(
            BootEnvironment(active: images[1].id, passive: images[2].id, recovery: images[0].id, activeState: .bad))
        for (place, image) in [("recovery", images[0]), ("state", images[1]), ("state", images[2])] {
            try image.write(folder.path.appending("\(place)/images/\(image.id)"))
        }
        try folder.write("half", to: "state/images/.staging-0000000000000000/vmlinuz")
    }

    func path(_ place: String) -> FilePath { folder.path.appending(place) }

    /// What the gathering of facts would say.
    func facts() throws -> ResetFacts {
        let image = images[0]
        let planned = PlannedImage(
            source: "recovery", id: image.id, title: "demo", size: 16_384, staging: ".staging-\(image.id)")
        var facts = ResetFacts(
            role: .recovery, environment: store.current,
            persistent: PersistentFacts(isEncrypted: isEncrypted, hasStoredKey: isEncrypted), image: planned)
        let record = path("recovery").appending(ResetRecord.file.components)
        facts.record = try FileBytes.readIfPresent(record, limit: 1 << 16).flatMap { ResetRecord(parsing: $0) }
        try facts.readImages(at: path("state"))
        facts.free = 1 << 30
        return facts
    }

    /// The room on the state partition, as the gathering of facts would say.
    func room() throws -> Int64 {
        var gathered = try facts()
        try gathered.readImages(at: path("state"))
        return try #require(gathered.free)
    }

    @discardableResult
    func run(_ plan: Plan<ResetAction>) throws(TransactionFailure) -> TransactionOutcome {
        let machine = FakeOperationMachine(root: folder.path, faults: faults, store: store)
        var effects = ResetEffects(
            machine: FakeResetMachine(machine: machine, formatted: formatted),
            supplier: DerivingSupplier(
                fake: FakeSupplier(signature: .thisMachine, image: images[0], faults: faults)),
            hooks: HookRunner(isStrict: true, folders: []))
        return try TransactionRunner.run(plan, &effects) { _ in }
    }

    /// Makes a reset pending, or takes it back.
    @discardableResult
    func run(_ plan: Plan<ResetScheduling>) throws(TransactionFailure) -> TransactionOutcome {
        var effects = ResetSchedulingEffects(
            machine: FakeOperationMachine(root: folder.path, faults: faults, store: store))
        return try TransactionRunner.run(plan, &effects) { _ in }
    }

    /// Asks for a reset and carries it out.
    func reset(_ request: ResetRequest) throws {
        try run(try ResetPlan.scheduling(request, try facts()))
        try run(try ResetPlan.running(try facts()))
    }

    /// Goes on with what is pending, as recovery does after a cut.
    func resume() throws {
        if store.current.pending == .reset { try run(try ResetPlan.running(try facts())) }
    }

    /// What must hold whenever the machine is cut: recovery is whole, and nothing else boots while a reset is pending.
    func checkBootable(_ comment: Comment) throws {
        #expect(try images[0].isWhole(in: path("recovery")), comment)
        #expect(store.current.recovery == images[0].id, comment)
        guard store.current.pending == nil, let active = store.current.active else { return }
        let image = try #require(images.first { $0.id == active })
        #expect(try image.isWhole(in: path("state")), comment)
    }

    /// What every reset comes to.
    func checkFinished(_ comment: Comment) throws {
        #expect(store.current == BootEnvironment(active: images[0].id, recovery: images[0].id), comment)
        #expect(try images[0].isWhole(in: path("state")), comment)
        #expect(try folder.names("state/images") == [images[0].id.description], comment)
        #expect(try !folder.names("recovery/lifeboot").contains("reset.json"), comment)
    }
}
