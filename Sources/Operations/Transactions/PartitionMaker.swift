package import BlockDevices
import BootModel
package import DiskContract
import Encryption
import Faults
import Filesystems
import ImagePlanning
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Makes the filesystems of our partitions on devices that nothing uses.
package enum PartitionMaker {
    /// Bytes of a random key that is made here.
    private static let keySize = 64

    /// Makes an ext4 filesystem; everything on the partition is lost, keys of an encrypted volume included.
    ///
    /// - Throws: `FilesystemError` when the partition is in use or cannot be written.
    package static func format(_ name: Partition, on device: FilePath) throws {
        try SignatureWipe.run(device)
        try make(name, on: device)
    }

    /// Makes the persistent partition.
    ///
    /// - Parameters:
    ///   - key: the key that was given.
    ///   - oem: where the OEM partition is mounted, writable; a key that is stored lies there.
    /// - Throws: `FilesystemError` or `EncryptionError` when it cannot be written; `Refusal` when a key is missing.
    package static func formatPersistent(
        on device: FilePath, _ protection: PersistentProtection, key: GivenKey?, oem: FilePath
    ) throws {
        guard protection.isEncrypted else {
            try format(.persistent, on: device)
            return
        }
        let key = try volumeKey(protection, key, oem)
        try SignatureWipe.run(device)
        try EncryptedVolume.format(
            device, key: key, derivation: .suited(to: key), label: Partition.persistent.containerLabel)
        guard let mapping = try VolumeActivation.open(device, as: PersistentFilesystem.temporaryVolume, with: key)
        else {
            throw missingKey("the key does not open what was just made with it")
        }
        do { try make(.persistent, on: mapping) } catch {
            try? VolumeActivation.close(PersistentFilesystem.temporaryVolume)
            throw error
        }
        try VolumeActivation.close(PersistentFilesystem.temporaryVolume)
    }

    /// Makes the folders and the ring of boot records that the state and recovery partitions have; what is there stays.
    ///
    /// - Parameter root: where the partition is mounted, writable.
    /// - Throws: `SystemError` or `PreallocationError` when something cannot be written.
    package static func furnish(_ root: FilePath) throws {
        try Folders.make(root.appending(DiskFiles.images.components))
        let history = root.appending(DiskFiles.history.components)
        try Folders.make(history.removingLastComponent())
        guard try FileStatus.of(history)?.size != Int64(BootHistory.fileSize) else { return }
        // Real, written blocks, so that a record changes no metadata.
        let file = try PreallocatedFile(history, size: BootHistory.fileSize)
        try file.write([UInt8](repeating: 0, count: BootHistory.fileSize).span, at: 0)
        try file.flush()
        try Folders.flushEntry(history.removingLastComponent())
        try Folders.flushEntry(root)
    }

    private static func make(_ name: Partition, on device: FilePath) throws {
        let format = Ext4Format(
            label: name.label, size: try BlockDeviceSize.of(device) / Ext4Format.blockSize * Ext4Format.blockSize,
            bytesPerInode: name.bytesPerInode, ground: .unknown)
        try format.make(on: device)
    }

    /// The key of the volume; one that the initramfs is to find is on the OEM partition before the volume is made.
    private static func volumeKey(
        _ protection: PersistentProtection, _ given: GivenKey?, _ oem: FilePath
    ) throws -> VolumeKey {
        let place = oem.appending(DiskFiles.persistentKey.components)
        switch protection {
        case .none: throw missingKey("it is not to be encrypted")
        case .passphrase:
            guard let given else { throw missingKey("no passphrase was given") }
            return try given.read()
        case .keyFile:
            if case .keyFile(let file)? = given {
                let bytes = try FileBytes.readGiven(file, limit: VolumeKey.limit)
                try store(bytes, at: place)
            }
        case .storedKey:
            if try FileStatus.of(place) == nil {
                var generator = SystemRandomNumberGenerator()
                try store((0..<keySize).map { _ in UInt8.random(in: 0...255, using: &generator) }, at: place)
            }
        }
        return try VolumeKey(keyFile: place)
    }

    private static func store(_ bytes: [UInt8], at place: FilePath) throws {
        try Folders.make(place.removingLastComponent())
        try AtomicFile.write(bytes, to: place, permissions: [.ownerReadWrite])
    }

    private static func missingKey(_ cause: String) -> Refusal {
        Refusal(
            .impossible, "encrypting", "the persistent partition", cause: cause,
            remedy: "Add --key-file FILE or --passphrase-file FILE.")
    }
}

/// Names the file that holds a key that the operator gave.
package enum GivenKey: Equatable, Sendable {
    /// All bytes of a file.
    case keyFile(FilePath)
    /// The first line of a file.
    case passphraseFile(FilePath)

    /// Reads it.
    ///
    /// - Throws: `EncryptionError` when it cannot be read or is empty.
    func read() throws(EncryptionError) -> VolumeKey {
        switch self {
        case .keyFile(let file): try VolumeKey(keyFile: file)
        case .passphraseFile(let file): try VolumeKey(passphraseFile: file)
        }
    }
}

/// Takes a partition out of use, so that it can be formatted.
package enum DeviceDetachment {
    /// Unmounts a partition wherever it is mounted, closes the volume on it, and makes sure that nothing holds it.
    ///
    /// This must be done before the process has mounts of its own: others would keep the partition mounted.
    ///
    /// - Parameter volume: the name under which an encrypted volume on it may be open.
    /// - Throws: `Refusal` that says what uses it; `SystemError` when a mount cannot be undone.
    package static func detach(_ device: BlockDevice, volume: String? = nil) throws {
        if let volume, try FileStatus.of(FilePath("/dev/mapper/\(volume)")) != nil {
            let mapping = try BlockDevice.probe(FilePath("/dev/mapper/\(volume)"))
            try unmount(mapping)
            try VolumeActivation.close(volume)
        }
        try unmount(device)
        let use = try DeviceUse.of(device.path)
        guard use.reasons.isEmpty else {
            throw Refusal(
                .diskInUse, "taking", "\(device.path)", cause: use.reasons.joined(separator: ", "),
                remedy: "Stop what uses it and try again.")
        }
    }

    /// How long something may look at what is to be unmounted: `lifeboot status` on a slow disk.
    private static let patience = Duration.seconds(10)

    /// Unmounts the latest mount first.
    private static func unmount(_ device: BlockDevice) throws {
        let number = "\(device.major):\(device.minor)"
        for mount in try Procfs.mounts().reversed() where mount.device == number {
            try Mount.unmount(mount.target, within: patience)
        }
    }
}
