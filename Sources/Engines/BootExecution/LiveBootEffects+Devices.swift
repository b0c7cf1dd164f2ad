import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import InstalledSystem
import LinuxSystem
import SystemLayout
import SystemPackage

/// Finding block devices and checking their file systems.
extension LiveBootEffects {
    mutating func findBootPartition(_ reference: DeviceReference, _ timeout: Int) throws -> StepResult {
        bootPartition = try DeviceWait.wait(for: reference, until: .after(.seconds(timeout))) { serveWatchdog() }
        return StepResult()
    }

    mutating func findImagePartition(_ source: DeviceSource) throws -> StepResult {
        imagePartition = try find(source)
        return StepResult()
    }

    func find(_ source: DeviceSource) throws -> BlockDevice {
        switch source {
        case .anywhere(let reference, let timeout):
            return try DeviceWait.wait(for: reference, until: .after(.seconds(timeout))) { serveWatchdog() }
        case .bootDisk(let partition):
            guard let bootPartition else { throw EffectError.noBootPartition }
            return try BootDisk(boot: bootPartition).partition(partition)
        }
    }

    mutating func checkImagePartition(_ force: Bool?) throws -> StepResult {
        guard let imagePartition else { throw EffectError.order("check-image-partition") }
        return StepResult(note: try FilesystemCheck.run(imagePartition, force: force) { serveWatchdog() })
    }

    mutating func mountImagePartition(_ target: FilePath, _ options: [String]) throws -> StepResult {
        guard let imagePartition else { throw EffectError.order("mount-image-partition") }
        try Folders.make(target)
        try Mount.attach(
            source: imagePartition.path.string, target: target, filesystem: try imagePartition.requiredFilesystem,
            options: options)
        mountPoints.append(target)
        return StepResult(undo: [.unmount(target)])
    }

    /// Checks and mounts a device; a target inside a root is resolved there, so that no link leads out of it.
    mutating func mountDevice(
        _ source: DeviceSource, _ spec: MountSpec, _ root: FilePath?, _ force: Bool?
    ) throws -> StepResult {
        let device = try find(source)
        let note = try FilesystemCheck.run(device, force: force) { serveWatchdog() }
        let filesystem = try spec.filesystem ?? device.requiredFilesystem
        let mounted = try attach(device.path.string, spec.target, root, filesystem, spec.options)
        if spec.target == MachinePaths.persistent { hasPersistent = true }
        return StepResult(note: note, undo: [.unmount(mounted)])
    }

    /// Mounts below a root, or at a path of the initramfs when there is none; returns where it is mounted.
    mutating func attach(
        _ source: String, _ target: FilePath, _ root: FilePath?, _ filesystem: String?, _ options: [String]
    ) throws -> FilePath {
        guard let root else {
            try Folders.make(target)
            try Mount.attach(source: source, target: target, filesystem: filesystem, options: options)
            mountPoints.append(target)
            return target
        }
        let point = try DirectoryHandle(root: root).makeDirectory(target)
        try Mount.attach(source: source, target: point.mountTarget, filesystem: filesystem, options: options)
        return root.appending(target.components)
    }

    mutating func mount(_ spec: MountSpec) throws -> StepResult {
        let mounted = try attach(spec.source, spec.target, nil, spec.filesystem, spec.options)
        return StepResult(undo: [.unmount(mounted)])
    }
}
