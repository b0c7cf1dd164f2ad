package import Faults
package import SystemPackage

/// What writing to a medium is decided from.
package struct MediumWriteFacts: Equatable, Sendable {
    /// The device.
    package var device: SeenDevice
    /// Whether it is this machine's own disk, or a part of it.
    package var isOwn = false
    /// Whether the device itself is write-protected.
    package var isProtected = false
    /// Where others have it mounted.
    package var mounts: [FilePath] = []
    /// Partitions of it with a filesystem, when it is a disk that has none itself.
    package var partitions: [FilePath] = []

    /// Starts with a device that nothing speaks against.
    package init(_ device: SeenDevice) { self.device = device }
}

extension MediumWriteFacts {
    /// How it is mounted to be written.
    ///
    /// - Throws: `Refusal` for this machine's own disk, and for what cannot be written.
    package func filesystem() throws(Refusal) -> MediumFilesystem {
        if isOwn {
            throw refusal(
                .diskInUse, "it is this machine's own disk",
                "Name a stick or another disk; `lifeboot media` lists them.")
        }
        guard let name = device.filesystem else { throw withoutFilesystem }
        guard let filesystem = MediumFilesystem(probed: name), filesystem.largestFile != nil else {
            throw refusal(
                .impossible, "its filesystem \(name) cannot be written here",
                "Take a stick with \(MediumFilesystem.writableNames.joined(separator: ", ")); `mkfs.vfat` makes one of any."
            )
        }
        if isProtected {
            throw refusal(
                .impossible, "the device is write-protected",
                "Move the switch at its side, or take another one; discs are never written.")
        }
        if let mount = mounts.first {
            throw refusal(
                .diskInUse, "it is mounted on \(mount)",
                "Copy to that folder instead, or unmount it first: `umount \(mount)`.")
        }
        return filesystem
    }

    private var withoutFilesystem: Refusal {
        if !partitions.isEmpty {
            return refusal(
                .impossible, "it is a disk whose partitions have the filesystems",
                "Name one of them: \(partitions.map(\.string).joined(separator: ", ")).")
        }
        return refusal(
            .impossible, device.problem ?? "no filesystem was found on it",
            "Take a stick with \(MediumFilesystem.writableNames.joined(separator: ", ")); `mkfs.vfat` makes one of any."
        )
    }

    private func refusal(_ kind: RefusalKind, _ cause: String, _ remedy: String) -> Refusal {
        Refusal(kind, "writing to", device.path.string, cause: cause, remedy: remedy)
    }

    /// Refuses a file that does not fit.
    ///
    /// - Throws: `Refusal` that says how much room is needed.
    package func checkRoom(for size: Int, free: Int, _ filesystem: MediumFilesystem) throws(Refusal) {
        if let largest = filesystem.largestFile, size > largest {
            throw refusal(
                .space,
                "a file of \(ByteText.scaled(size)) is larger than \(filesystem.type) can hold "
                    + "(\(ByteText.scaled(largest)))", "Take a stick with exFAT or ext4.")
        }
        // Some blocks for the folder and the filesystem's own tables.
        let needed = size + (64 << 10)
        guard free < needed else { return }
        throw refusal(
            .space, "\(ByteText.scaled(needed)) are needed, and \(ByteText.scaled(free)) are free",
            "Delete something on it, or take a larger one.")
    }
}
