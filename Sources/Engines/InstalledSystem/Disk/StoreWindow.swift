package import BlockDevices
import BootModel
package import DiskContract
import LinuxSystem
package import SystemPackage

/// Makes the state or recovery partition writable while an operation works on it.
///
/// The process has mounts of its own by then (`MountNamespace.unshare`): whatever ends it, its mounts are gone, and the
/// mounts that others see stay read-only all the time.
package struct StoreWindow: ~Copyable {
    /// The store.
    package let store: Store
    /// Where it is mounted, writable.
    package let path: FilePath
    /// Whether it was mounted before, and only needs to be made read-only again.
    private let wasMounted: Bool

    /// Makes a partition writable; checks its filesystem first when it is not mounted.
    ///
    /// - Throws: `SystemError` when it cannot be mounted; `BlockDeviceError` when it is not there.
    package init(_ store: Store, disk: BootDisk) throws {
        let known = MachinePaths.mountPoint(of: store)
        let isMounted = try Procfs.mounts().contains { $0.target == known }
        let target = isMounted ? known : MachinePaths.run.appending("work-\(store)")
        try OperationLock.withPartitions {
            if isMounted {
                try Mount.remount(known, readOnly: false)
            } else {
                try Self.attach(try disk.partition(store.partition), on: target)
            }
        }
        self.store = store
        path = target
        wasMounted = isMounted
    }

    private static func attach(_ device: BlockDevice, on target: FilePath) throws {
        try Folders.make(target)
        let device = try FilesystemCheck.run(device, force: false).device
        try Mount.attach(
            source: device.path.string, target: target, filesystem: try device.requiredFilesystem,
            options: ["rw", "nodev", "nosuid", "noexec"])
    }

    /// Makes it read-only again, or unmounts it.
    ///
    /// - Throws: `SystemError` when something still writes to it.
    package consuming func close() throws {
        let (target, isRemount) = (path, wasMounted)
        try OperationLock.withPartitions {
            if isRemount { try Mount.remount(target, readOnly: true) } else { try Mount.unmount(target) }
        }
    }
}

extension Optional where Wrapped == StoreWindow {
    /// Where the partition is mounted; nil when there is no window.
    package var path: FilePath? {
        switch self {
        case .some(let window): window.path
        case .none: nil
        }
    }
}

/// Mounts a partition only while something is read from it.
package enum TemporaryMount {
    /// Mounts read-only, hands over the mount point, and unmounts whatever happens.
    package static func readOnly<Result>(_ device: BlockDevice, _ body: (FilePath) throws -> Result) throws -> Result {
        let target = MachinePaths.run.appending("partition")
        try Folders.make(target)
        // One that could not be unmounted would keep every later command out.
        for _ in try Procfs.mounts().filter({ $0.target == target }) { try Mount.unmount(target, lazy: true) }
        try attach(device, on: target)
        let result: Result
        do { result = try body(target) } catch {
            try? Mount.unmount(target)
            throw error
        }
        try Mount.unmount(target)
        return result
    }

    /// Mounts read-only, also beside an operation that has the same filesystem mounted to write to it.
    ///
    /// All mounts of a filesystem share whether it is writable, and the kernel answers `EBUSY` to who asks for the other:
    /// then only this mount is read-only.
    private static func attach(_ device: BlockDevice, on target: FilePath) throws {
        let filesystem = try device.requiredFilesystem
        let mount = { (access: String) throws(SystemError) in
            try Mount.attach(
                source: device.path.string, target: target, filesystem: filesystem,
                options: [access, "nodev", "nosuid", "noexec"])
        }
        do throws(SystemError) { try mount("ro") } catch {
            guard error.errno == .resourceBusy else { throw error }
            try mount("rw")
            try Mount.protect(target)
        }
    }
}
