import DiskContract
import Foundation
import GrubEnvironment
import ImageModel
import ImagePlanning
import InstalledSystem
import LinuxSystem
import Plans
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning
import Transactions

/// A disk whose partitions are folders.
struct FakeInstallMachine: InstallMachine, ~Copyable {
    let root: FilePath
    let faults: FaultPlan
    let disk: Disk

    /// What is on the disk.
    final class Disk {
        var hasTable = false
        var formatted: Set<Partition> = []
        var protection: PersistentProtection?
        var environment: BootEnvironment?
        var isBootable = false
        var mounted: Set<Partition> = []
    }

    func path(_ name: Partition) -> FilePath { root.appending(name.rawValue) }

    mutating func wipeDisk() throws {
        try faults.call("wipe disk") {
            (disk.hasTable, disk.isBootable, disk.environment, disk.formatted) = (false, false, nil, [])
        }
    }

    mutating func wipePartition(_ name: Partition) throws {
        try faults.call("wipe \(name)") {
            disk.formatted.remove(name)
            if name == .boot { (disk.environment, disk.isBootable) = (nil, false) }
        }
    }

    mutating func writeTable(_ layout: DiskLayout) throws { try faults.call("table") { disk.hasTable = true } }

    mutating func format(_ name: Partition) throws {
        let path = path(name)
        try faults.call("format \(name)") {
            #expect(disk.hasTable && !disk.mounted.contains(name))
            try? FileManager.default.removeItem(atPath: path.string)
            try Folders.make(path)
            disk.formatted.insert(name)
        }
    }

    mutating func formatPersistent(_ protection: PersistentProtection) throws {
        try format(.persistent)
        disk.protection = protection
    }

    mutating func open(_ name: Partition) throws -> FilePath {
        #expect(disk.formatted.contains(name))
        disk.mounted.insert(name)
        return path(name)
    }

    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result { try body(folder) }

    mutating func close() throws { try faults.call("close") { disk.mounted = [] } }

    mutating func makeBootPartition(_ environment: BootEnvironment) throws {
        try faults.call("boot partition") {
            #expect(disk.mounted.isEmpty)
            disk.environment = environment
        }
    }

    mutating func makeBootable() throws { try faults.call("boot sector") { disk.isBootable = true } }
}

@Suite("Installations on folders", .timeLimit(.minutes(10)))
struct InstallEffectsTests {
    struct Scene {
        let folder: TestFolder
        let image: FakeImage
        let disk = FakeInstallMachine.Disk()
        let faults = FaultPlan()

        init() throws {
            folder = try TestFolder()
            image = try FakeImage.all.get()[0]
        }

        func plan() throws -> Plan<InstallAction> {
            let planned = PlannedImage(
                source: "media", id: image.id, title: "demo", size: 16_384, staging: ".staging-\(image.id)")
            var request = InstallRequest(disk: "/dev/vda", partitions: .new(DiskSizes()))
            request.isForced = true
            return try InstallPlan.make(request, InstallFacts(size: 16 << 30, image: planned))
        }

        /// Signatures are checked where the copy to the state partition begins, so this one is put there unchecked.
        func run() throws {
            var effects = InstallEffects(
                machine: FakeInstallMachine(root: folder.path, faults: faults, disk: disk),
                supplier: DerivingSupplier(fake: FakeSupplier(signature: .thisMachine, image: image, faults: faults)),
                hooks: HookRunner(isStrict: true, folders: []))
            _ = try TransactionRunner.run(try plan(), &effects) { _ in }
        }

        func path(_ name: Partition) -> FilePath { folder.path.appending(name.rawValue) }
    }

    @Test("both partitions hold the image, signed by the machine where no other key did, and the environment names it")
    func whole() throws {
        let scene = try Scene()
        try scene.run()
        #expect(try scene.image.isWhole(in: scene.path(.recovery)) && scene.image.isWhole(in: scene.path(.state)))
        #expect(scene.disk.environment == BootEnvironment(active: scene.image.id, recovery: scene.image.id))
        #expect(scene.disk.isBootable && scene.disk.mounted.isEmpty)
        for partition in ["recovery", "state"] {
            #expect(try scene.folder.names("\(partition)/images") == [scene.image.id.description])
            // Which of the two counts is for the keys of the image that boots.
            let names = try scene.folder.names("\(partition)/images/\(scene.image.id)")
            #expect(names.contains("local.sig") && names.contains("manifest.sig"))
            #expect(try scene.folder.names("\(partition)/lifeboot").contains("history"))
            #expect(try scene.folder.names("\(partition)/lifeboot").contains("machine.pem"))
        }
    }

    @Test(
        "a fault at any call leaves a disk that does not boot or is whole, and the second try succeeds",
        arguments: [false, true])
    func sweep(isAfter: Bool) throws {
        let first = try Scene()
        try first.run()
        for call in 1...first.faults.calls.count {
            let scene = try Scene()
            scene.faults.failing = call
            scene.faults.isAfter = isAfter
            try? scene.run()
            let comment: Comment = "call \(call): \(scene.faults.calls.last ?? "")"
            if scene.disk.isBootable || scene.disk.environment != nil {
                #expect(try scene.image.isWhole(in: scene.path(.recovery)), comment)
                #expect(try scene.image.isWhole(in: scene.path(.state)), comment)
                #expect(scene.disk.environment?.active == scene.image.id, comment)
            }
            scene.faults.failing = nil
            try scene.run()
            #expect(scene.disk.isBootable, comment)
            #expect(try scene.image.isWhole(in: scene.path(.state)), comment)
        }
    }
}
