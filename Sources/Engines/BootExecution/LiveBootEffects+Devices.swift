import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import InstalledSystem
import LinuxSystem
import Plans
import SystemLayout
import SystemPackage

/// Finding block devices and checking their file systems.
extension LiveBootEffects {
    mutating func findBootPartition(_ reference: DeviceReference, _ timeout: Int) throws -> StepResult<UndoAction> {
        let device = try DeviceWait.wait(for: reference, until: .after(.seconds(timeout))) { serveWatchdog() }
        found.bootPartition.set(device)
        return StepResult()
    }

    mutating func findImagePartition(_ source: DeviceSource) throws -> StepResult<UndoAction> {
        found.imagePartition.set(try find(source))
        return StepResult()
    }

    func find(_ source: DeviceSource) throws -> BlockDevice {
        switch source {
        case .anywhere(let reference, let timeout):
            return try DeviceWait.wait(for: reference, until: .after(.seconds(timeout))) { serveWatchdog() }
        case .bootDisk(let partition):
            guard let bootPartition = found.bootPartition.ifGiven else { throw EffectError.noBootPartition }
            return try BootDisk(boot: bootPartition).partition(partition)
        }
    }

    mutating func checkImagePartition(_ force: Bool?) throws -> StepResult<UndoAction> {
        let device = try found.imagePartition.get()
        return StepResult(note: try FilesystemCheck.run(device, force: force) { serveWatchdog() })
    }

    mutating func mountImagePartition(_ target: FilePath, _ options: [String]) throws -> StepResult<UndoAction> {
        let device = try found.imagePartition.get()
        try Folders.make(target)
        try Mount.attach(
            source: device.path.string, target: target, filesystem: try device.requiredFilesystem,
            options: options)
        mountPoints.append(target)
        return StepResult(undo: [.unmount(target)])
    }

    /// Finds, checks and mounts a device.
    mutating func mountDevice(_ mount: DeviceMount) throws -> StepResult<UndoAction> {
        try self.mount(find(mount.source), mount.mount, mount.root, mount.force)
    }

    /// Checks and mounts a device; a target inside a root is resolved there, so that no link leads out of it.
    mutating func mount(
        _ device: BlockDevice, _ spec: MountSpec, _ root: FilePath?, _ force: Bool?
    ) throws -> StepResult<UndoAction> {
        let note = try FilesystemCheck.run(device, force: force) { serveWatchdog() }
        let filesystem = try spec.filesystem ?? device.requiredFilesystem
        let mounted = try attach(device.path.string, spec.target, root, filesystem, spec.options)
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

    mutating func mount(_ spec: MountSpec) throws -> StepResult<UndoAction> {
        let mounted = try attach(spec.source, spec.target, nil, spec.filesystem, spec.options)
        return StepResult(undo: [.unmount(mounted)])
    }
}
