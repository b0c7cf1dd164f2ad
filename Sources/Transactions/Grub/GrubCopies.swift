import Cryptography
package import GrubEnvironment
package import ImagePlanning
import LinuxSystem
package import SystemPackage
import TransactionPlanning

/// GRUB's files on a mounted boot partition.
package struct GrubCopies: Sendable {
    /// Where the boot partition is mounted.
    package let root: FilePath

    /// Names a mounted boot partition.
    package init(root: FilePath) { self.root = root }

    /// A file or folder on the partition.
    func path(_ place: String) -> FilePath { root.appending(FilePath(place).components) }

    /// What is there.
    ///
    /// - Throws: `SystemError` when a file cannot be read.
    func arrangement() throws -> GrubFacts.Arrangement {
        let copies = try GrubCopy.allCases.contains { try FileStatus.of(file("grub.cfg", $0)) != nil }
        guard copies else { return .single }
        let bytes = try FileBytes.readIfPresent(path(GrubPlaces.selection), limit: 2 * EnvironmentBlock.size)
        return .copies(bytes.flatMap { try? GrubSelection(parsing: $0) })
    }

    /// What a copy is like: whole when its digest fits.
    ///
    /// - Throws: `SystemError` when a file cannot be read.
    func state(_ copy: GrubCopy) throws -> GrubFacts.CopyState {
        let read = { (name: String) in try FileBytes.readIfPresent(file(name, copy), limit: GrubSource.limit) }
        guard let text = try read("grub.cfg"), let digest = try read("grub.sha256"),
            let version = try read("version").flatMap(GrubConfiguration.version(parsing:))
        else { return .damaged }
        let expected = Array("\(try SHA256Hasher.digest(of: text))  grub.cfg\n".utf8)
        return digest == expected ? .whole(version: version) : .damaged
    }

    private func file(_ name: String, _ copy: GrubCopy) -> FilePath {
        path(GrubPlaces.folder(copy)).appending(name)
    }

    /// Writes a copy that is not in use; its digest last.
    ///
    /// - Throws: `SystemError` when a file cannot be written; `GrubError` when it does not come back.
    package func write(_ configuration: GrubConfiguration, as copy: GrubCopy) throws {
        let folder = path(GrubPlaces.folder(copy))
        try DirectoryListing.make(folder)
        let digest = try SHA256Hasher.digest(of: configuration.text)
        for (name, bytes) in configuration.files(digest: digest) { try write(bytes, to: folder.appending(name)) }
        guard case .whole(configuration.version) = try state(copy) else {
            throw GrubError("reading back", folder, "it is not what was written")
        }
    }

    /// Makes copy `a` of the one configuration of an older disk.
    package func adopt() throws {
        let text = try FileBytes.read(path(GrubPlaces.selector), limit: GrubSource.limit)
        try write(GrubConfiguration(adopting: text), as: .a)
    }

    /// Writes `grub.env` in place; makes it where there is none.
    package func write(_ selection: GrubSelection) throws {
        let place = path(GrubPlaces.selection)
        let bytes = selection.serialized()
        guard try FileStatus.of(place)?.size == Int64(bytes.count) else {
            try DirectoryListing.make(place.removingLastComponent())
            return try write(bytes, to: place)
        }
        try SectorFile.write(bytes, to: place)
    }

    /// Writes a file whole, unless it is there already, and reads it back past the page cache.
    func write(_ bytes: [UInt8], to path: FilePath) throws {
        if try FileBytes.readIfPresent(path, limit: GrubSource.limit) == bytes { return }
        try AtomicFile.write(bytes, to: path)
        try TreeCopy.flush(path.removingLastComponent())
        guard try SectorFile.read(path, limit: GrubSource.limit) == bytes else {
            throw GrubError("reading back", path, "it is not what was written")
        }
    }

    /// Writes a file beside another and exchanges their names, unless the other is the same already.
    func exchange(_ new: String, with old: String) throws {
        try NameExchange.perform(path(new), path(old))
        try TreeCopy.flush(root)
    }
}
