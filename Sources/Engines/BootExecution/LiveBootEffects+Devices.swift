import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import GrubEnvironment
import InstalledSystem
import LinuxSystem
import Plans
import SystemLayout
import SystemPackage

/// Finding block devices and checking their file systems.
extension LiveBootEffects {
    mutating func findBootPartition(_ reference: DeviceReference, _ timeout: Int) throws -> StepResult<UndoAction> {
        // A machine has to come up with a copy of its disk attached; without evidence the first by name is taken.
        let (device, note) = try DeviceWait.wait(
            for: reference, until: .after(.seconds(timeout)), rule: .first, isMeant: Self.evidence(parameters),
            whileWaiting: { serveWatchdog() })
        found.bootPartition.set(device)
        return StepResult(note: note)
    }

    /// Tells the disk that GRUB started from by the attempt that GRUB took there just now, which no copy of it has.
    private static func evidence(_ parameters: BootParameters) -> @Sendable (BlockDevice) -> Bool? {
        guard let role = parameters.role, let left = parameters.triesLeft else { return { _ in nil } }
        return { device in
            guard let bytes = try? EnvironmentStore(device: device.path).readUnmountedEnvironment().primary,
                let reading = try? BootEnvironment.read(bytes)
            else { return nil }
            return reading.environment.tries(of: role) == left
        }
    }

    mutating func findImagePartition(_ source: DeviceSource) throws -> StepResult<UndoAction> {
        found.imagePartition.set(try find(source))
        return StepResult()
    }

    mutating func find(_ source: DeviceSource) throws -> BlockDevice {
        switch source {
        case .anywhere(let reference, let timeout):
            return try DeviceWait.wait(
                for: reference, until: .after(.seconds(timeout)), whileWaiting: { serveWatchdog() }
            ).device
        case .bootDisk(let partition):
            guard let bootPartition = found.bootPartition.ifGiven else { throw EffectError.noBootPartition }
            let disk = try bootDisk ?? BootDisk(boot: bootPartition).withPartitions()
            bootDisk = disk
            return try disk.partition(partition)
        }
    }

    mutating func checkImagePartition(_ force: Bool?) throws -> StepResult<UndoAction> {
        let checked = try FilesystemCheck.run(try found.imagePartition.get(), force: force) { serveWatchdog() }
        found.imagePartition.set(checked.device)
        return StepResult(note: checked.note)
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

    /// The same for a volume of the layout, which nobody has signed.
    mutating func mountVolume(_ mount: DeviceMount) throws -> StepResult<UndoAction> {
        if let root = mount.root { _ = try mountPoint(mount.mount.target, in: root, forVolume: true) }
        return try mountDevice(mount)
    }

    /// Checks and mounts a device; a target inside a root is resolved there, so that no link leads out of it.
    mutating func mount(
        _ device: BlockDevice, _ spec: MountSpec, _ root: FilePath?, _ force: Bool?
    ) throws -> StepResult<UndoAction> {
        // One whose filesystem the layout names is as it should be, whatever else its blocks may look like.
        let checked =
            spec.filesystem == nil || device.filesystemType != nil
            ? try FilesystemCheck.run(device, force: force) { serveWatchdog() } : .init(device: device)
        let filesystem = try spec.filesystem ?? checked.device.requiredFilesystem
        do {
            let mounted = try attach(device.path.string, spec.target, root, filesystem, spec.options)
            return StepResult(note: checked.note, undo: [.unmount(mounted)])
        } catch let error as SystemError where error.asksForRepair && force != nil {
            // Nothing of its superblock tells it: a power cut tore the descriptors while it grew (docs/growing.md).
            let repaired = try FilesystemCheck.run(checked.device, force: true) { serveWatchdog() }
            let mounted = try attach(device.path.string, spec.target, root, filesystem, spec.options)
            // e2fsck says of descriptors that it made anew that nothing was wrong.
            let notes = [checked.note, "the kernel refused it until e2fsck had looked at it", repaired.note].compactMap(
                \.self)
            return StepResult(note: notes.joined(separator: "; "), undo: [.unmount(mounted)])
        }
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
        rootMounts.append(FilePath(root: "/", target.components))
        return root.appending(target.components)
    }

    mutating func mount(_ spec: MountSpec) throws -> StepResult<UndoAction> {
        let mounted = try attach(spec.source, spec.target, nil, spec.filesystem, spec.options)
        return StepResult(undo: [.unmount(mounted)])
    }
}
