import BlockDevices
import BootExecution
import BootModel
import BootPlanning
import Filesystems
import GrubEnvironment
import ImageModel
import ImagePlanning
import LinuxSystem
import ReleaseModel
import SystemPackage
package import TransactionPlanning

/// Resets the machine that this program runs on.
///
/// The partitions that are formatted are taken out of use by `prepare` before the process has mounts of its own.
package struct LiveResetEffects: ~Copyable, TransactionEffects {
    private static let oem: FilePath = "/oem"

    private let disk: BootDisk
    private let environment: EnvironmentCommit
    private let key: GivenKey?
    private let hooks: HookRunner
    private var supply: any ImageSupply
    private var window: StoreWindow?
    private var deployed: ImageID?

    /// Joins the disk, the image and what the operator gave.
    package init(_ disk: BootDisk, supply: any ImageSupply, key: GivenKey?, hooks: HookRunner) {
        self.disk = disk
        environment = EnvironmentCommit(device: disk.boot.path)
        self.supply = supply
        self.key = key
        self.hooks = hooks
    }

    /// Unmounts what a plan formats or checks, for everybody.
    ///
    /// - Throws: `Refusal` that says what uses a partition; `SystemError` or `BlockDeviceError`.
    package static func prepare(_ plan: TransactionPlan<ResetAction>, on disk: BootDisk) throws {
        for step in plan.steps {
            switch step.action {
            case .formatOEM: try DeviceDetachment.detach(try disk.partition(.oem))
            case .formatPersistent:
                try DeviceDetachment.detach(try disk.partition(.persistent), volume: MachinePaths.persistentName)
            case .mendState: try DeviceDetachment.detach(try disk.partition(.state))
            default: break
            }
        }
    }

    /// Carries out one action.
    package mutating func perform(_ action: ResetAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeRecord(let record): return try write(record)
        case .makePending(let wipe): return try environment.apply { $0.pendingReset(wiping: wipe) }
        case .takeBack: return try environment.apply { $0.withoutReset() }
        case .noteFormatted(let rest): return try environment.apply { $0.formatting(only: rest) }
        case .runHooks(let event): return try run(event, progress)
        case .formatOEM: return try formatOEM()
        case .formatPersistent(let protection): return try formatPersistent(protection)
        case .mendState: return try mendState()
        case .giveUpImages(let images):
            let notes = try environment.apply { $0.givingUpImages() }
            return notes + (try delete(images))
        case .deploy: return try deploy(progress)
        case .finish: return try finish()
        case .deleteImages(let images): return try delete(images)
        }
    }

    /// Makes the state partition read-only again.
    package mutating func release() -> [String] {
        guard let window = window.take() else { return [] }
        do { try window.close() } catch { return ["\(error)"] }
        return []
    }

    private func write(_ record: ResetRecord) throws -> [String] {
        let store = try StoreWindow(.recovery, disk: disk)
        let path = store.path.appending(ResetRecord.file.components)
        do {
            if record.isEmpty {
                if try FileStatus.of(path) != nil { try FolderContent.removeFile(path) }
            } else {
                try DirectoryListing.make(path.removingLastComponent())
                try AtomicFile.write(record.serialized(), to: path)
            }
            try FolderContent.flushEntry(store.path)
        } catch {
            try? store.close()
            throw error
        }
        try store.close()
        return []
    }

    private func formatOEM() throws -> [String] {
        let device = try disk.partition(.oem).path
        try PartitionMaker.format(.oem, on: device)
        try mountOEM()
        return []
    }

    /// For this process, and what it starts.
    private func mountOEM() throws {
        guard try !Procfs.mounts().contains(where: { $0.target == Self.oem }) else { return }
        let device = try disk.partition(.oem).path
        try Mount.attach(
            source: device.string, target: Self.oem, filesystem: "ext4", options: ["rw", "nodev", "nosuid"])
    }

    private func formatPersistent(_ protection: PersistentProtection) throws -> [String] {
        if protection.usesStoredKey { try mountOEM() }
        try PartitionMaker.formatPersistent(
            on: try disk.partition(.persistent).path, protection, key: key, oem: Self.oem)
        return []
    }

    /// Mends the state partition; roles are taken from its images before it is made anew.
    private mutating func mendState() throws -> [String] {
        let device = try disk.partition(.state).path
        var notes: [String] = []
        switch try FilesystemMending.run(device) {
        case .clean: break
        case .mended(let said): notes.append("the state partition was mended: \(said)")
        case .lost(let said):
            notes.append("the state partition is made anew, for e2fsck could not mend it: \(said)")
            notes += try environment.apply { $0.givingUpImages() }
            try PartitionMaker.format(.state, on: device)
        }
        try openState()
        return notes
    }

    private mutating func openState() throws {
        guard window == nil else { return }
        let opened = try StoreWindow(.state, disk: disk)
        try PartitionMaker.furnish(opened.path)
        window = consume opened
    }

    private mutating func store() throws -> ImageStore {
        try openState()
        guard let path = window?.path else {
            throw Refusal(
                .impossible, "opening", "the state partition", cause: "it is not mounted",
                remedy: "This is a fault of the program; report it.")
        }
        return ImageStore(path)
    }

    private mutating func deploy(_ progress: StepProgress) throws -> [String] {
        let result = try store().deploy(&supply, progress: progress)
        deployed = result.id
        return result.wasPresent ? ["the image is on the state partition already, and whole"] : []
    }

    private mutating func delete(_ images: [ImageID]) throws -> [String] {
        let store = try store()
        for image in images where image != deployed { try store.remove(image.description) }
        return []
    }

    private func finish() throws -> [String] {
        guard let deployed else {
            throw Refusal(
                .impossible, "finishing", "the reset", cause: "no image was deployed",
                remedy: "This is a fault of the program; report it.")
        }
        return try environment.apply { $0.afterReset(active: deployed) }
    }

    private mutating func run(_ event: HookEvent, _ progress: StepProgress) throws -> [String] {
        guard event.moment == .afterChroot else { return try hooks.run(event, progress: progress) }
        guard let deployed else { return [] }
        var inside = hooks
        inside.folders = ImageChroot.hookFolders
        return try ImageChroot.with(try store().directory(deployed)) { root in
            try inside.run(event, in: root, progress: progress)
        }
    }
}
