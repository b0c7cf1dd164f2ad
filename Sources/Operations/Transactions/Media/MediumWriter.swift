import BlockDevices
import Faults
import Filesystems
import ImageModel
import LinuxSystem
import Plans
package import RegistryModel
package import SystemPackage
package import TransactionPlanning

/// Writes to a medium: a stick that somebody takes away afterwards.
package struct MediumWriter {
    private let facts: MediumWriteFacts
    private let mounts: MediumMounts

    /// Looks at a device.
    ///
    /// - Parameters:
    ///   - own: this machine's own disk; see `OwnDisk`.
    ///   - mounts: where media are mounted to be looked into.
    /// - Throws: `Refusal` when it is no device; `SystemError` or `BlockDeviceError` when it cannot be looked at.
    package init(_ path: FilePath, own: FilePath?, mounts: MediumMounts = MediumMounts()) throws {
        guard let status = try FileStatus.of(path), status.kind == .blockDevice else {
            throw Refusal(
                .notFound, "writing to", path.string, cause: "it is no device of this machine",
                remedy: "`lifeboot media` lists the sticks and disks that are attached.")
        }
        // As the kernel names it: a link leads to the same one.
        let node = try BlockDevice.partition(numbered: "\(status.device.major):\(status.device.minor)")
        let device = node?.path ?? path
        var facts = MediumWriteFacts(SeenDevice(probing: device) ?? SeenDevice(device))
        facts.isOwn = own != nil && (node?.disk ?? device) == own
        facts.isProtected = try WriteProtection.isSet(major: status.device.major, minor: status.device.minor)
        facts.mounts = try Procfs.mounts().filter { $0.source == device.string && !$0.target.starts(with: mounts.root) }
            .map(\.target)
        if facts.device.filesystem == nil {
            facts.partitions = try DiskPartitions.nodes(of: device)
                .filter { SeenDevice(probing: $0)?.filesystem != nil }
        }
        (self.facts, self.mounts) = (facts, mounts)
    }

    /// Mounts it writable where nobody else sees it, hands over a path of its root, writes all to the device, and unmounts it.
    ///
    /// It is unmounted whatever ends this process.
    ///
    /// - Throws: `Refusal` when it must not or cannot be written; what the body throws; `SystemError` when it cannot be
    ///   mounted or does not take what was written.
    package func use<Result>(_ body: (FilePath, MediumFilesystem) throws -> Result) throws -> Result {
        let filesystem = try facts.filesystem()
        // As long as it is mounted read-only the kernel lets nobody mount it otherwise.
        try mounts.release(facts.device.path)
        let mount = try UnseenMount(of: facts.device.path, filesystem: filesystem.type, readOnly: false)
        return try mount.use { root in
            let result = try body(root, filesystem)
            try Folders.flushFilesystem(root)
            return result
        }
    }

    /// Copies a file to the top folder: it has its name only when it is whole and on the device.
    ///
    /// - Parameter progress: is told how far it is; what it throws ends the copy, and leaves nothing of it.
    /// - Throws: as `use`; `Refusal` when it does not fit.
    package func copy(_ file: FilePath, progress: (TransferProgress) throws -> Void = { _ in }) throws {
        guard let status = try FileStatus.of(file), status.kind == .file, let name = file.lastComponent else {
            throw Refusal(
                .notFound, "copying", file.string, cause: "there is no such file", remedy: "Check the name.")
        }
        let size = Int(clamping: status.size)
        try use { root, filesystem in
            // What it takes the place of counts as free only afterwards.
            try facts.checkRoom(for: size, free: try FreeSpace.bytes(at: root), filesystem)
            let folder = try DirectoryHandle(root: root)
            let pending = try PendingFile(name, in: folder, mode: 0o644, owner: .root)
            try Self.copy(file, to: pending, size, progress)
            try pending.commit()
        }
    }

    private static func copy(
        _ file: FilePath, to pending: borrowing PendingFile, _ size: Int, _ progress: (TransferProgress) throws -> Void
    ) throws {
        let source: OwnedDescriptor
        do throws(Errno) { source = try OwnedDescriptor(opening: file) } catch {
            throw SystemError.file("opening", file, error)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var done = 0
        while true {
            let count: Int
            do throws(Errno) { count = try FileBlock.read(source.descriptor, into: &buffer) } catch {
                throw SystemError.file("reading", file, error)
            }
            if count == 0 { return }
            try pending.write(buffer.span.extracting(0..<count))
            done += count
            try progress(TransferProgress("copying", done: done, total: max(size, done)))
        }
    }
}
