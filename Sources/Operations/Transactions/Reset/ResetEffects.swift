import DiskContract
import Faults
import Filesystems
import GrubEnvironment
import ImageModel
package import ImageSources
import InstalledSystem
import LinuxSystem
import Plans
import SystemPackage
package import TransactionPlanning

/// Carries out the steps of a reset.
package struct ResetEffects<Machine: ResetMachine & ~Copyable, Supplier: ImageSupplier & ~Copyable>:
    TransactionEffects, ~Copyable
{
    /// The partitions and the boot environment.
    package var machine: Machine
    /// Where the image comes from.
    package var supplier: Supplier
    private let hooks: HookRunner
    private var deployed = Given<ImageID>(DeploymentProduct.image)

    /// Prepares for a reset.
    package init(machine: consuming Machine, supplier: consuming Supplier, hooks: HookRunner) {
        self.machine = machine
        self.supplier = supplier
        self.hooks = hooks
    }

    /// Carries out one action.
    package mutating func perform(_ action: ResetAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .removeRecord: try machine.keep(ResetRecord())
        case .noteFormatted(let rest): return try machine.changeRoles { $0.formatting(only: rest) }
        case .runHooks(let event): return try run(event, progress)
        case .formatOEM: try machine.formatOEM()
        case .formatPersistent(let protection): try machine.formatPersistent(protection)
        case .mendState: return try mendState()
        case .giveUpImages(let images):
            let notes = try machine.changeRoles { $0.givingUpImages() }
            try delete(images)
            return notes
        case .deploy(let image): return try deploy(image, progress)
        case .finish: return try finish()
        case .deleteImages(let images): try delete(images)
        case .noteHistory(let note): try machine.note(note, try deployed.get())
        }
        return []
    }

    /// Makes partitions read-only that are still writable.
    package mutating func release() -> [String] { machine.closeAll() }

    /// Mends the state partition; roles are taken from its images before it is made anew.
    private mutating func mendState() throws -> [String] {
        switch try machine.mendState() {
        case .clean: return []
        case .mended(let said): return ["the state partition was mended: \(said)"]
        case .lost(let said):
            let notes = try machine.changeRoles { $0.givingUpImages() }
            try machine.formatState()
            return ["the state partition was made anew, for e2fsck could not mend it: \(said)"] + notes
        }
    }

    private mutating func deploy(_ image: PlannedImage, _ progress: StepProgress) throws -> [String] {
        let store = ImageStore(try machine.open(.state))
        let result = try store.deploy(image, from: &supplier, locals: locals(), state: store.root, progress: progress)
        deployed.set(result.id)
        return result.notes
    }

    /// The images of recovery, which a delta copies from; without them it is only slower.
    private func locals() -> [FilePath] {
        let found = try? machine.read(.recovery) { try ImageStore($0).imageFolders }
        return found ?? []
    }

    private mutating func delete(_ images: [ImageID]) throws {
        let store = ImageStore(try machine.open(.state))
        for image in images where image != deployed.ifGiven { try store.remove(image.description) }
    }

    private mutating func finish() throws -> [String] {
        let image = try deployed.get()
        return try machine.changeRoles { $0.afterReset(active: image) }
    }

    private func run(_ event: HookEvent, _ progress: StepProgress) throws -> [String] {
        var hooks = hooks
        if let image = deployed.ifGiven { hooks.environment.append("LIFEBOOT_NEW_IMAGE=\(image)") }
        guard event.moment == .afterChroot else { return try hooks.run(event, progress: progress) }
        let image = try deployed.get()
        hooks.folders = ImageChroot.hookFolders
        return try machine.read(.state) { root in
            try machine.root(of: ImageStore(root).directory(image)) { chroot in
                try hooks.run(event, in: chroot, progress: progress)
            }
        }
    }
}

/// Carries out the steps that make a reset pending or take it back: nothing is formatted and no image is needed.
package struct ResetSchedulingEffects<Machine: OperationMachine & ~Copyable>: TransactionEffects, ~Copyable {
    private var machine: Machine

    /// Prepares for the steps.
    package init(machine: consuming Machine) { self.machine = machine }

    /// Carries out one action.
    package mutating func perform(_ action: ResetScheduling, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeRecord(let record):
            try machine.keep(record)
            return []
        case .makePending(let wipe): return try machine.changeRoles { $0.pendingReset(wiping: wipe) }
        case .takeBack: return try machine.changeRoles { $0.withoutReset() }
        }
    }

    /// Makes partitions read-only that are still writable.
    package mutating func release() -> [String] { machine.closeAll() }
}

extension OperationMachine where Self: ~Copyable {
    /// Writes what a pending reset must remember; removes the file when that is nothing.
    ///
    /// - Throws: `SystemError` when the recovery partition cannot be written.
    mutating func keep(_ record: ResetRecord) throws {
        let path = try open(.recovery).appending(ResetRecord.file.components)
        try Folders.make(path.removingLastComponent())
        if !record.isEmpty {
            try AtomicFile.write(record.serialized(), to: path)
        } else if try FileStatus.of(path) != nil {
            try Folders.removeFile(path)
            try Folders.flushEntry(path.removingLastComponent())
        }
        try close(.recovery)
    }
}
