import DiskContract
import Faults
import GrubEnvironment
import ImageModel
import ImagePlanning
package import ImageSources
import InstalledSystem
import LinuxSystem
import Plans
package import SystemPackage
package import TransactionPlanning

/// Carries out the steps of an installation.
package struct InstallEffects<Machine: InstallMachine & ~Copyable, Supplier: ImageSupplier & ~Copyable>:
    TransactionEffects, ~Copyable
{
    /// The disk.
    package var machine: Machine
    /// Where the image comes from.
    package var supplier: Supplier
    private let hooks: HookRunner
    private let locals: [FilePath]
    private var deployed = Given<ImageID>(DeploymentProduct.image)

    /// Prepares for an installation.
    ///
    /// - Parameter locals: folders of images on this machine, which a delta copies from.
    package init(
        machine: consuming Machine, supplier: consuming Supplier, hooks: HookRunner, locals: [FilePath] = []
    ) {
        self.machine = machine
        self.supplier = supplier
        self.hooks = hooks
        self.locals = locals
    }

    /// Carries out one action.
    package mutating func perform(_ action: InstallAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .runHooks(let event): return try run(event, progress)
        case .wipeDisk: try machine.wipeDisk()
        case .wipePartition(let name): try machine.wipePartition(name)
        case .writeTable(_, let layout): try machine.writeTable(layout)
        case .format(let name): try format(name)
        case .formatPersistent(let protection): try machine.formatPersistent(protection)
        case .copyOEM(let folder): try TreeCopy.copy(folder, to: try machine.open(.oem))
        case .deployRecovery(let image): return try deployRecovery(image, progress)
        case .deployState: return try deployState(progress)
        case .makeBootPartition: try makeBootPartition()
        case .makeBootable: try machine.makeBootable()
        }
        return []
    }

    /// Unmounts what is still mounted.
    package mutating func release() -> [String] {
        do { try machine.close() } catch { return ["\(error)"] }
        return []
    }

    private mutating func format(_ name: Partition) throws {
        try machine.format(name)
        if name == .recovery || name == .state { try PartitionMaker.furnish(try machine.open(name)) }
    }

    private mutating func deployRecovery(_ image: PlannedImage, _ progress: StepProgress) throws -> [String] {
        let store = ImageStore(try machine.open(.recovery))
        let state = try machine.open(.state)
        let result = try store.deploy(image, from: &supplier, locals: locals, state: state, progress: progress)
        deployed.set(result.id)
        return result.notes
    }

    /// Copies what was just verified.
    private mutating func deployState(_ progress: StepProgress) throws -> [String] {
        let id = try deployed.get()
        let recovery = ImageStore(try machine.open(.recovery))
        let state = ImageStore(try machine.open(.state))
        var copy = try LocalImageSupplier(recovery.directory(id), id: id, source: "the recovery partition")
        return try state.deploy(copy.image, from: &copy, state: state.root, progress: progress).notes
    }

    /// Both roles have the image; active is on trial until it was declared healthy.
    private mutating func makeBootPartition() throws {
        let id = try deployed.get()
        // Everything is flushed before something names it.
        try machine.close()
        try machine.makeBootPartition(BootEnvironment(active: id, recovery: id))
    }

    private mutating func run(_ event: HookEvent, _ progress: StepProgress) throws -> [String] {
        var hooks = hooks
        if let image = deployed.ifGiven { hooks.environment.append("LIFEBOOT_NEW_IMAGE=\(image)") }
        guard event.moment == .afterChroot else { return try hooks.run(event, progress: progress) }
        let directory = ImageStore(try machine.open(.state)).directory(try deployed.get())
        hooks.folders = ImageChroot.hookFolders
        return try machine.root(of: directory) { chroot in try hooks.run(event, in: chroot, progress: progress) }
    }
}
