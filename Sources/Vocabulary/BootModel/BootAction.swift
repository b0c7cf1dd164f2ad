package import DiskContract
package import ImageModel
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
    /// What is mounted: a path, or a name such as `tmpfs`.
    package var source: String
    /// Where.
    package var target: FilePath
    /// The file system's type; nil to probe for it.
    package var filesystem: String?
    /// Mount options, libmount's spelling.
    package var options: [String]

    /// Makes a mount.
    package init(_ source: String, on target: FilePath, filesystem: String?, options: [String]) {
        self.source = source
        self.target = target
        self.filesystem = filesystem
        self.options = options
    }
}

/// How a path is kept across boots.
package enum PersistMode: String, Sendable {
    /// An overlay whose upper layer is on the persistent partition.
    case overlay
    /// A directory on the persistent partition, filled from the image once.
    case bind
}

/// What one step does.
///
/// Every case is carried out by one method of the live `BootEffects`.
package enum BootAction: Equatable, Sendable {
    /// Opens the watchdog and sets its timeout in seconds.
    case armWatchdog(seconds: Int)
    /// Waits for the boot partition by event.
    case findBootPartition(DeviceReference, timeout: Int)
    /// Finds the partition that holds the images.
    case findImagePartition(DeviceSource)
    /// Checks the image partition's file system; nil never, true even when it is clean.
    case checkImagePartition(force: Bool?)
    /// Mounts the image partition.
    case mountImagePartition(FilePath, options: [String])
    /// Reads boot.env and rebuilds it where it is damaged.
    case checkBootEnvironment(role: Role, image: ImageID?)
    /// Verifies the manifest in a directory; with `.off` only reads it.
    case verifyManifest(directory: FilePath, expected: ImageID, policy: VerityPolicy)
    /// Attaches a file to a loop device.
    case attachImage(FilePath)
    /// Activates dm-verity over the attached image under a name.
    case activateVerity(name: String)
    /// Mounts the activated (or, unverified, the attached) image.
    case mountRoot(FilePath, filesystem: String?, options: [String])
    /// Opens an encrypted device under a name, by the first key file that fits, else by a passphrase; nil never asks.
    case unlock(DeviceSource, name: String, keyFiles: [FilePath], timeout: Int?)
    /// Finds a device, checks its file system, and mounts it inside a root.
    case mountDevice(DeviceSource, MountSpec, root: FilePath?, force: Bool?)
    /// Mounts something that is no device.
    case mount(MountSpec)
    /// Stacks an overlay over a path of the new root; upper and work directories are made in the store.
    case overlay(path: FilePath, root: FilePath, store: FilePath)
    /// Keeps a path of the new root in the persistent store.
    case persist(path: FilePath, root: FilePath, store: FilePath, mode: PersistMode)
    /// Copies the machine-id from the store into the new root, and the other way at the first boot.
    case keepMachineID(root: FilePath, store: FilePath)
    /// Marks these mounts, as the booted system names them, with `x-initrd.mount` in a table of libmount's.
    case markMounts([FilePath], root: FilePath, table: FilePath)
    /// Writes a small file.
    case writeFile(FilePath, contents: String)
    /// Leaves the watchdog armed when the new root takes it over, else disarms it.
    case handOverWatchdog(root: FilePath)
}
