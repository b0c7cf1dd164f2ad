import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import ImageFolders
import ImageModel
import InstalledSystem
import LinuxSystem
import Plans
import SystemPackage

/// Finding the medium of a live boot by what it carries, and copying it into memory.
extension LiveBootEffects {
    mutating func findMedium(
        _ image: ImageID, _ timeout: Int, _ policy: VerityPolicy
    ) throws -> StepResult<UndoAction> {
        let check = MediumCheck(image, policy, start?.filesystems(kernelLog), kernelLog)
        let (device, note) = try DeviceWait.wait(
            forOneWith: "image \(image)", until: .after(.seconds(timeout)), whileWaiting: { serveWatchdog() }
        ) { device in check.accepts(device) }
        try LiveMedium.note(device.disk ?? device.path)
        found.medium.set(device)
        return StepResult(note: [device.path.string, note].compactMap(\.self).joined(separator: "; "))
    }

    mutating func mountMedium(_ target: FilePath, _ options: [String]) throws -> StepResult<UndoAction> {
        let device = try found.medium.get()
        let filesystem = try device.requiredFilesystem
        try Folders.make(target)
        try Mount.attach(
            source: device.path.string, target: target, filesystem: filesystem,
            options: options + (MediumFilesystem(rawValue: filesystem)?.options ?? []))
        mountPoints.append(target)
        return StepResult(undo: [.unmount(target)])
    }

    /// Puts a copy in the place of the medium.
    ///
    /// Order: copy, unmount the medium, show the copy in its place. What fails before that leaves the medium there.
    mutating func copyMedium(
        _ medium: FilePath, _ entries: [FilePath], _ policy: MemoryCopyPolicy
    ) throws -> StepResult<UndoAction> {
        let size = entries.map { FolderSize(of: medium.appending($0.components)) }.reduce(FolderSize(), +)
        let facts = MemoryCopyFacts(
            isRemovable: try RemovableMedia.contains(found.medium.get()),
            memory: Int64(clamping: (MachineMemory.kibibytes ?? 0) * 1024), size: size.bytes)
        if let reason = facts.reasonAgainst(policy) { return StepResult(note: reason) }
        log("copying \(size.bytes / 1_000_000) MB into memory")
        let copy = MachinePaths.run.appending("copy")
        try Folders.make(copy)
        try Mount.temporary(
            on: copy, size: "\(size.bytes + size.bytes / 16 + (4 << 20))", options: ["nodev", "nosuid"])
        do {
            for entry in entries { try copyEntry(entry, from: medium, to: copy) }
            try Mount.unmount(medium)
        } catch {
            try Mount.unmount(copy)
            throw error
        }
        try Mount.bind(copy, on: medium, options: ["ro", "nodev", "nosuid", "noexec"])
        try Mount.unmount(copy)
        return StepResult(note: "\(size.bytes / 1_000_000) MB are in memory: the medium can be taken out")
    }

    /// What the medium does not have is not copied.
    private func copyEntry(_ entry: FilePath, from medium: FilePath, to copy: FilePath) throws {
        let source = medium.appending(entry.components)
        guard try FileStatus.of(source, followingLinks: false) != nil else { return }
        try Folders.make(copy.appending(entry.components.dropLast()))
        try TreeCopy.copyEntry(source, copy.appending(entry.components)) { serveWatchdog() }
    }

    /// Shows each file of the image where a medium would have it.
    ///
    /// A mount of a file keeps its bytes when its name goes, without a second copy; a folder would lose its files.
    mutating func keepCarried(
        _ image: FilePath, _ entries: [FilePath], _ medium: FilePath
    ) throws -> StepResult<UndoAction> {
        let (source, folder) = (MachinePaths.carried.appending(image.components), medium.appending(image.components))
        try Folders.make(folder)
        var undo: [UndoAction] = []
        for name in try Folders.names(of: source) {
            let place = folder.appending(name)
            try AtomicFile.write([], to: place)
            try Mount.bind(source.appending(name), on: place, options: ["ro", "nodev", "nosuid", "noexec"])
            mountPoints.append(place)
            undo.insert(.unmount(place), at: 0)
        }
        for entry in entries { try copyEntry(entry, from: MachinePaths.carried, to: medium) }
        return StepResult(undo: undo)
    }

    mutating func bindMedium(
        _ source: FilePath, _ target: FilePath, _ root: FilePath
    ) throws -> StepResult<UndoAction> {
        guard try FileStatus.of(source, followingLinks: false)?.kind == .directory else {
            return StepResult(note: "the medium has no folder oem")
        }
        let point = try DirectoryHandle(root: root).makeDirectory(target)
        try Mount.bind(source, on: point.mountTarget, options: ["ro", "nodev", "nosuid"])
        rootMounts.append(target)
        return StepResult(undo: [.unmount(root.appending(target.components))])
    }
}
