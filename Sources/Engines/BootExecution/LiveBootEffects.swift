import BlockDevices
package import BootModel
import BootPlanning
import Encryption
package import ImageFolders
import ImageModel
import InstalledSystem
package import LinuxSystem
package import Plans
import SystemPackage
import Verity

/// What the steps of a boot give to later ones.
struct BootFindings: ~Copyable {
    var bootPartition = Given<BlockDevice>(BootProduct.bootPartition)
    var imagePartition = Given<BlockDevice>(BootProduct.imagePartition)
    var medium = Given<BlockDevice>(BootProduct.medium)
    var manifest = Given<Manifest>(BootProduct.manifest)
    /// The loop device.
    var attachedImage = Given<FilePath>(BootProduct.attachedImage)
    /// The device of dm-verity over it.
    var verifiedImage = Given<FilePath>(BootProduct.verifiedImage)
    var persistentDevice = Given<BlockDevice>(BootProduct.persistentDevice)
    /// The persistent device itself, or what was opened in it.
    var persistentVolume = Given<BlockDevice>(BootProduct.persistentVolume)
    /// Where the persistent partition is mounted.
    var persistent = Given<FilePath>(BootProduct.persistent)
}

/// Boots the machine it runs on.
///
/// What one step finds and a later one needs is in `found`; the order is the plan's.
package struct LiveBootEffects: BootEffects, ~Copyable {
    /// The parameters of this boot.
    package let parameters: BootParameters
    let kernelLog = KernelLog(name: "lifeboot")
    /// What the policy of SELinux is to label when it is loaded; nil on a machine without.
    let awaitedLabels: AwaitedLabels?
    var found = BootFindings()
    /// The disk of the boot partition, whose table is read once.
    var bootDisk: BootDisk?
    /// Keeps the image attached until a mount or dm-verity does.
    var loop: LoopDevice?
    var watchdog: Watchdog?
    /// Whether only what an image key has signed counts.
    package let seal: SystemSeal
    /// What was passed over, one line each.
    package var notes: [String] = []
    /// Mounts that stay until the end of the machine, as the booted system names them.
    var mountPoints: [FilePath] = []

    /// What overlays add below the layout's own overlay of a path, from the top down.
    var lowerLayers: [FilePath: [FilePath]] = [:]

    /// Filesystems of their own below the new root, as the booted system names them.
    var rootMounts: [FilePath] = []

    /// What loads modules; nil where somebody else does.
    var start: MachineStart?

    /// Starts with nothing found, on a machine whose drivers somebody else loads.
    package init(
        parameters: BootParameters, seal: SystemSeal = SystemSeal(), awaitedLabels: AwaitedLabels? = .current
    ) {
        self.init(parameters: parameters, seal: seal, start: nil, awaitedLabels: awaitedLabels)
    }

    /// Starts with nothing found.
    init(
        parameters: BootParameters, seal: SystemSeal, start: consuming MachineStart?,
        awaitedLabels: AwaitedLabels? = .current
    ) {
        self.start = start
        self.parameters = parameters
        self.awaitedLabels = awaitedLabels
        self.seal = seal
    }

    /// Name and version of the image, once its manifest was read.
    package var imageName: String? { found.manifest.ifGiven.map { "\($0.name) \($0.version)" } }

    /// Microseconds since the kernel's start (`CLOCK_MONOTONIC`).
    package func now() -> Int64 { MonotonicClock.now().microseconds }

    /// Writes a line to the kernel's log.
    package func log(_ line: String) { kernelLog.write(line, level: .notice) }

    /// Carries out one action.
    package mutating func perform(_ action: BootAction) throws -> StepResult<UndoAction> {
        serveWatchdog()
        return switch action {
        case .followDevices: try followDevices()
        case .loadModule(let module): try load(module)
        case .armWatchdog(let seconds): try armWatchdog(seconds)
        case .findBootPartition(let reference, let timeout): try findBootPartition(reference, timeout)
        case .findImagePartition(let source): try findImagePartition(source)
        case .findMedium(let image, let timeout, let policy): try findMedium(image, timeout, policy)
        case .mountMedium(let target, let options): try mountMedium(target, options)
        case .copyMedium(let medium, let entries, let policy): try copyMedium(medium, entries, policy)
        case .keepCarried(let image, let entries, let medium): try keepCarried(image, entries, medium)
        case .bindMedium(let source, let target, let root): try bindMedium(source, target, root)
        case .checkImagePartition(_, let force): try checkImagePartition(force)
        case .mountImagePartition(let target, let options): try mountImagePartition(target, options)
        case .checkBootEnvironment(let role, let image): try checkBootEnvironment(role, image)
        case .verifyManifest(let directory, let id, let policy): try verifyManifest(directory, id, policy)
        case .checkArguments: try checkArguments()
        case .attachImage(let file, let folder): try attachImage(folder.appending(FilePath(file).components))
        case .activateVerity(let name): try activateVerity(name)
        case .mountRoot(let image, let target, let filesystem, let options):
            try mountRoot(image, target, filesystem, options)
        case .mountState(let mount), .mountOEM(let mount), .mountOverlayDevice(let mount): try mountDevice(mount)
        case .mountVolume(let mount): try mountVolume(mount)
        case .mountOverlayMemory(_, let spec): try mount(spec)
        case .findPersistent(let source): try findPersistent(source)
        case .unlockPersistent(let name, let keys, let timeout, let mustBeEncrypted):
            try unlockPersistent(name, keys, timeout, mustBeEncrypted)
        case .mountPersistent(let spec, let force): try mountPersistent(spec, force)
        case .stackOverlays(let root): try stackOverlays(root)
        case .overlayPath(let path, let root, let store): try overlay(path, root, store)
        case .persistPath(let path, let root, let store, let mode): try persist(path, root, store, mode)
        case .keepMachineID(let root, let store): try keepMachineID(root, store)
        case .markMounts(let points, let root, let table): try markMounts(points, root, table)
        case .writeSentinel(let path, let contents): try writeFile(path, contents)
        case .runStage(let stage, let root): try runStage(stage, root)
        case .handOverWatchdog(let root): try handOverWatchdog(root)
        }
    }

    /// Undoes one step.
    package mutating func undo(_ action: UndoAction) throws {
        switch action {
        case .unmount(let target): try Mount.unmount(target)
        case .deactivateVerity(let name): try VerityMapping.deactivate(name)
        case .closeVolume(let name): try VolumeActivation.close(name)
        case .detachLoop(let path):
            loop = nil
            try LoopDevice.detach(path)
        }
    }
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
