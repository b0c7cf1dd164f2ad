import BlockDevices
package import BootModel
import BootPlanning
import Encryption
import ImageModel
import LinuxSystem
import SystemPackage
import Verity

/// Boots the machine it runs on.
///
/// What one step finds and a later one needs (devices, the manifest) is kept here; the order is the plan's.
package struct LiveBootEffects: BootEffects, ~Copyable {
    let parameters: BootParameters
    let kernelLog = KernelLog(name: "lifeboot")
    var bootPartition: BlockDevice?
    var imagePartition: BlockDevice?
    var manifest: Manifest?
    var loop: LoopDevice?
    var watchdog: Watchdog?
    /// The block device that holds the root file system: the loop device, or dm-verity over it.
    var rootDevice: FilePath?
    /// Mounts that stay until the end of the machine, as the booted system names them.
    var mountPoints: [FilePath] = []
    var hasPersistent = false

    /// Starts with nothing found.
    package init(parameters: BootParameters) { self.parameters = parameters }

    /// Name and version of the image, once its manifest was read.
    package var imageName: String? { manifest.map { "\($0.name) \($0.version)" } }

    /// Microseconds since power-on (`CLOCK_BOOTTIME`).
    package func now() -> Int64 { MonotonicClock.now().microseconds }

    /// Writes a line to the kernel's log.
    package func log(_ line: String) { kernelLog.write(line, level: .notice) }

    /// Carries out one action.
    package mutating func perform(_ action: BootAction) throws -> StepResult {
        serveWatchdog()
        return switch action {
        case .armWatchdog(let seconds): try armWatchdog(seconds)
        case .findBootPartition(let reference, let timeout): try findBootPartition(reference, timeout)
        case .findImagePartition(let source): try findImagePartition(source)
        case .checkImagePartition(let force): try checkImagePartition(force)
        case .mountImagePartition(let target, let options): try mountImagePartition(target, options)
        case .checkBootEnvironment(let role, let image): try checkBootEnvironment(role, image)
        case .verifyManifest(let directory, let id, let policy): try verifyManifest(directory, id, policy)
        case .attachImage(let file): try attachImage(file)
        case .activateVerity(let name): try activateVerity(name)
        case .mountRoot(let target, let filesystem, let options): try mountRoot(target, filesystem, options)
        case .unlock(let source, let name, let keys, let timeout): try unlock(source, name, keys, timeout)
        case .mountDevice(let source, let spec, let root, let force): try mountDevice(source, spec, root, force)
        case .mount(let spec): try mount(spec)
        case .overlay(let path, let root, let store): try overlay(path, root, store)
        case .persist(let path, let root, let store, let mode): try persist(path, root, store, mode)
        case .keepMachineID(let root, let store): try keepMachineID(root, store)
        case .markMounts(let points, let root, let table): try markMounts(points, root, table)
        case .writeFile(let path, let contents): try writeFile(path, contents)
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
