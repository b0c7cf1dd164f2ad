package import DiskContract
package import ImageModel
package import KernelModules
import Plans
package import SystemLayout
package import SystemPackage

/// Where a step finds a block device.
package enum DeviceSource: Equatable, Sendable {
    /// Any disk, by the reference; for volumes that the operator names.
    case anywhere(DeviceReference, timeout: Int)
    /// A partition of the boot disk, by PARTLABEL, then by file system label.
    case bootDisk(Partition)
}

/// One mount, as data.
package struct MountSpec: Equatable, Sendable {
    /// What is mounted: a name such as `tmpfs`; empty for a device that a step finds.
    package var source: String
    /// Where.
    package var target: FilePath
    /// The file system's type; nil to probe for it.
    package var filesystem: String?
    /// Mount options, libmount's spelling.
    package var options: [String]

    /// Makes a mount.
    package init(_ source: String = "", on target: FilePath, filesystem: String? = nil, options: [String]) {
        self.source = source
        self.target = target
        self.filesystem = filesystem
        self.options = options
    }
}

/// The mount of a device that the same step finds, and whose file system it checks.
package struct DeviceMount: Equatable, Sendable {
    /// Where the device is found.
    package var source: DeviceSource
    /// What is mounted where.
    package var mount: MountSpec
    /// The root inside which the target is; nil for a path of the initramfs.
    package var root: FilePath?
    /// Whether its file system is checked: nil never, true even when it is clean.
    package var force: Bool?

    /// Makes the mount of a device.
    package init(_ source: DeviceSource, _ mount: MountSpec, root: FilePath?, force: Bool?) {
        self.source = source
        self.mount = mount
        self.root = root
        self.force = force
    }
}

/// How a path is kept across boots.
package enum PersistMode: String, Sendable {
    /// An overlay whose upper layer is on the persistent partition.
    case overlay
    /// A directory on the persistent partition, filled from the image once.
    case bind
}

/// Which image the root is mounted from.
package enum RootImage: String, Sendable {
    /// The one that dm-verity checks.
    case verified
    /// The attached file itself, which nothing checks.
    case unverified
}

/// What one step of a boot does.
///
/// Every case is carried out by one method of the live `BootEffects`.
package enum BootAction: PlannedAction {
    /// Loads drivers of devices that appear from now on, beside all other steps.
    case followDevices
    /// Loads a module of the kernel.
    case loadModule(ModuleLoad)
    /// Opens the watchdog and sets its timeout in seconds.
    case armWatchdog(seconds: Int)
    /// Waits for the boot partition by event.
    case findBootPartition(DeviceReference, timeout: Int)
    /// Finds the partition that holds the images.
    case findImagePartition(DeviceSource)
    /// Waits by event for a device with a signed folder of this image, whatever the device is called.
    case findMedium(ImageID, timeout: Int, policy: VerityPolicy)
    /// Mounts the medium, and never writes to it.
    case mountMedium(FilePath, options: [String])
    /// Puts copies of some entries of the medium in its place in memory, where the policy and the memory let it.
    case copyMedium(FilePath, [FilePath], MemoryCopyPolicy)
    /// Shows the folder of an image that the initramfs carries, and copies of some entries beside it, where a medium would be.
    case keepCarried(FilePath, [FilePath], on: FilePath)
    /// Shows a folder of the medium, read-only, in the new root.
    case bindMedium(FilePath, on: FilePath, root: FilePath)
    /// Checks the file system of the partition that was found; nil never, true even when it is clean.
    case checkImagePartition(DeviceSource, force: Bool?)
    /// Mounts the image partition.
    case mountImagePartition(FilePath, options: [String])
    /// Reads boot.env and rebuilds it where it is damaged.
    case checkBootEnvironment(role: Role, image: ImageID?)
    /// Verifies the manifest in a directory; with `.off` only reads it.
    case verifyManifest(directory: FilePath, expected: ImageID, policy: VerityPolicy)
    /// Attaches a file of a folder to a loop device.
    case attachImage(String, in: FilePath)
    /// Activates dm-verity over the attached image under a name.
    case activateVerity(name: String)
    /// Mounts the image.
    case mountRoot(RootImage, FilePath, filesystem: String?, options: [String])
    /// Compares the command line with the signed manifest and the boot protocol.
    case checkArguments
    /// Mounts the state partition, for recovery.
    case mountState(DeviceMount)
    /// Mounts the OEM partition.
    case mountOEM(DeviceMount)
    /// Makes the store of ephemeral writes in memory, of a size as tmpfs takes it.
    case mountOverlayMemory(size: String, MountSpec)
    /// Mounts the store of ephemeral writes.
    case mountOverlayDevice(DeviceMount)
    /// Waits for the device of the persistent data.
    case findPersistent(DeviceSource)
    /// Opens the persistent device under a name if it is encrypted, by the first key file that fits, else by a passphrase;
    /// nil never asks. One that is not encrypted is left as it is, unless it must be.
    case unlockPersistent(name: String, keyFiles: [FilePath], timeout: Int?, mustBeEncrypted: Bool)
    /// Checks the file system of the persistent device and mounts it.
    case mountPersistent(MountSpec, force: Bool?)
    /// Mounts a volume that the layout names.
    case mountVolume(DeviceMount)
    /// Stacks overlays of the image and of OEM over the hierarchies of the new root, by the program of the new root.
    case stackOverlays(root: FilePath)
    /// Stacks an overlay over a path of the new root; upper and work directories are made in the store.
    case overlayPath(FilePath, root: FilePath, store: FilePath)
    /// Keeps a path of the new root in the persistent store.
    case persistPath(FilePath, root: FilePath, store: FilePath, mode: PersistMode)
    /// Copies the machine-id from the store into the new root, and the other way at the first boot.
    case keepMachineID(root: FilePath, store: FilePath)
    /// Marks these mounts, as the booted system names them, with `x-initrd.mount` in a table of libmount's.
    case markMounts([FilePath], root: FilePath, table: FilePath)
    /// Writes a small file.
    case writeSentinel(FilePath, contents: String)
    /// Runs a stage of files of configuration by the program of the new root, which is its root then.
    case runStage(String, root: FilePath)
    /// Leaves the watchdog armed when the new root takes it over, else disarms it.
    case handOverWatchdog(root: FilePath)
}
