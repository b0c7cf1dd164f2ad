import ImageModel
import LinuxSystem
import PackageSpecs
import SystemPackage
import TreeFolders
import TreeModel

/// Brings the files of a layer to where its image is to have them.
struct ImageStage {
    /// Where OEM defaults go, and what else an image of ours has at a place of its own.
    private static let places = (
        oem: FilePath("system/oem"), health: FilePath("usr/lib/lifeboot/health.d"),
        layout: FilePath("usr/lib/lifeboot/layout.yaml"), keys: FilePath("usr/lib/lifeboot/keys")
    )

    private let layer: FilePath
    private let tree: FilePath

    /// Fills a new folder, whose folder `tree` then has all of it; what comes later replaces what was there.
    ///
    /// - Parameter packages: what the image is to say that it is made of; nil for nothing.
    /// - Throws: `PackageBuildError` for a folder or file of the layer that is not there; `SystemError`, `ArchiveError`.
    static func fill(
        _ folder: FilePath, with derivative: DerivativeSpec, of layer: FilePath, listing packages: PackageList? = nil
    ) throws {
        try Folders.remove(folder, .tree)
        let stage = ImageStage(layer: layer, tree: folder.appending("tree"))
        try Folders.make(stage.tree)
        for files in derivative.files { try stage.add(files.source, at: files.target, derivative.place) }
        if let oem = derivative.oem { try stage.add(oem, at: places.oem, derivative.place) }
        if let health = derivative.health { try stage.add(health, at: places.health, derivative.place) }
        if let layout = derivative.layout { try stage.add(layout, at: places.layout, derivative.place) }
        for key in derivative.keys { try stage.add(key: key, derivative.place) }
        if let packages { try stage.write(packages) }
    }

    /// Writes the list of packages, which is too long for a command where there are thousands of the distribution's.
    private func write(_ packages: PackageList) throws {
        let place = FilePath(PackageList.path)
        let folder = try DirectoryHandle(root: tree).makeDirectory(place.removingLastComponent())
        try AtomicFile.write(packages.serialized(), to: folder.mountTarget.appending(place.lastComponent?.string ?? ""))
    }

    /// Copies a folder, or a file that gets the name of the target.
    private func add(_ source: FilePath, at target: FilePath, _ place: SpecPlace) throws {
        let path = layer.appending(source.components)
        guard let kind = try FileStatus.of(path)?.kind else { throw PackageBuildError.noFolder(path, place) }
        let root = try DirectoryHandle(root: tree)
        let place = FilePath(root: nil, target.components)
        guard kind == .directory else {
            return try copy(path, to: place, in: root)
        }
        _ = try root.makeDirectory(place)
        for entry in try TreeReading.folder(path).listing.entries {
            let own = FilePath(entry.path.description)
            let inside = place.appending(own.components)
            if entry.isDirectory {
                _ = try root.makeDirectory(inside)
            } else {
                try copy(path.appending(own.components), to: inside, in: root)
            }
        }
    }

    /// A public key by its name, which ends with `.pem` where the agent looks for it; a folder gives all that are in it.
    private func add(key: FilePath, _ place: SpecPlace) throws {
        let path = layer.appending(key.components)
        if try FileStatus.of(path)?.kind == .directory {
            for name in try Folders.names(of: path) where name.hasSuffix(".pub") || name.hasSuffix(".pem") {
                try add(key: key.appending(name), place)
            }
            return
        }
        try add(key, at: Self.places.keys.appending("\(key.stem ?? "key").pem"), place)
    }

    private func copy(_ file: FilePath, to target: FilePath, in root: borrowing DirectoryHandle) throws {
        guard let name = target.lastComponent else { return }
        let folder = try root.makeDirectory(target.removingLastComponent())
        let path = folder.mountTarget.appending(name)
        try Folders.remove(path, .tree)
        try TreeCopy.copyEntry(file, path)
    }
}
