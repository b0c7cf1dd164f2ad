import Archives
import BlockDevices
import LinuxSystem
import OverlayPlanning
import Plans
import SystemPackage
import Verity

/// How overlays of each form become visible at a place.
extension LiveOverlayEffects {
    func makeStore(_ path: FilePath, _ size: String) throws -> StepResult<OverlayUndo> {
        try Folders.make(path)
        try Mount.temporary(on: path, size: size, options: ["nodev"])
        return StepResult(undo: [.unmount(path)])
    }

    mutating func show(_ path: FilePath, _ place: FilePath) throws -> StepResult<OverlayUndo> {
        try Folders.make(place)
        try Mount.bind(path, on: place, options: ["ro", "nodev"])
        return opened(place, [.unmount(place)])
    }

    /// Set-user-ID bits stay: an extension of `/usr` may bring programs that need them.
    mutating func mountImage(
        _ file: FilePath, _ filesystems: [String], _ verity: VerityFiles?, _ place: FilePath
    ) throws -> StepResult<OverlayUndo> {
        let loop = try LoopDevice.attach(file, readOnly: true, direct: true, autoclear: true)
        var (device, undo) = (loop.path, [OverlayUndo.unmount(place)])
        if let verity {
            let name = verityName(place)
            device = try activate(name, over: loop.path, verity)
            undo.append(.deactivateVerity(name))
        }
        do { try mount(device, file, filesystems, place) } catch {
            for case .deactivateVerity(let name) in undo { try? VerityMapping.deactivate(name) }
            throw error
        }
        // From here on the mount, or dm-verity, keeps the loop device.
        _ = consume loop
        return opened(place, undo)
    }

    /// A name that no store of another process gives: a check may run beside what is stacked.
    func verityName(_ place: FilePath) -> String {
        "lifeboot-\(store.lastComponent?.string ?? "")-\(place.lastComponent?.string ?? "")"
    }

    private func mount(_ device: FilePath, _ file: FilePath, _ filesystems: [String], _ place: FilePath) throws {
        let probe = try BlockDevice.probe(device)
        guard let type = probe.filesystemType, filesystems.contains(type) else {
            throw StackingError.noFilesystem(file, probe.filesystemType ?? probe.problem, wanted: filesystems)
        }
        try Folders.make(place)
        // The journal of an ext4 that was not unmounted cannot be replayed on a device that is read-only.
        let options = ["ro", "nodev"] + (type == "ext4" ? ["noload"] : [])
        try Mount.attach(source: device.string, target: place, filesystem: type, options: options)
    }

    private func activate(_ name: String, over device: FilePath, _ files: VerityFiles) throws -> FilePath {
        let limit = OverlaySignatures.sizeLimit
        let bytes =
            files.mustBeSigned
            ? try signatures.signedBytes(of: files.rootHash, limit: limit)
            : try FileBytes.read(files.rootHash, limit: limit)
        let tree = try LoopDevice.attach(files.tree, readOnly: true, direct: true, autoclear: true)
        let hash = try RootHash.parse(bytes, files.rootHash)
        let mapping = try VerityMapping.activate(name, over: device, tree: tree.path, rootHash: hash)
        _ = consume tree
        return mapping
    }

    mutating func unpack(
        _ file: FilePath, _ mustBeSigned: Bool, _ place: FilePath
    ) throws -> StepResult<OverlayUndo> {
        try Folders.make(place)
        do {
            guard mustBeSigned else { return try unpack(file, into: place) }
            // Whoever writes the partition could exchange the file after it was checked.
            let copy = store.appending("checked")
            let bytes = try signatures.signedBytes(of: file, limit: OverlaySignatures.archiveLimit)
            try AtomicFile.write(bytes, to: copy, permissions: [.ownerReadWrite])
            defer { try? Folders.remove(copy, .files) }
            return try unpack(copy, into: place)
        } catch {
            // Half an archive only takes memory.
            try? Folders.remove(place, .tree)
            throw error
        }
    }

    private mutating func unpack(_ file: FilePath, into place: FilePath) throws -> StepResult<OverlayUndo> {
        var source = try TarSource(path: file, isLayer: true)
        var writer = try TreeWriter(into: place, .archive)
        try writer.write(&source)
        open[place] = []
        return result(writer.notes, place)
    }
}
