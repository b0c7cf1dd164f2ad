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

    /// What is there; an older disk that does not have the selector yet has one configuration, whatever else is there.
    ///
    /// - Throws: `SystemError` when a file cannot be read.
    func arrangement() throws -> GrubFacts.Arrangement {
        let copies = try GrubCopy.allCases.contains { try FileStatus.of(file("grub.cfg", $0)) != nil }
        guard copies, try !isBeingAdopted() else { return .single }
        let bytes = try FileBytes.readIfPresent(path(GrubPlaces.selection), limit: 2 * EnvironmentBlock.size)
        return .copies(bytes.flatMap { try? GrubSelection(parsing: $0) })
    }

    /// Whether an adoption was cut before the selector was in its place, or the exchange was refused.
    ///
    /// Then `grub.cfg` is what copy `a` was made of; on a finished disk it is the selector. A cut within the first copy
    /// leaves it in pieces, and neither the second one nor `grub.env`, which the selector was never without.
    private func isBeingAdopted() throws -> Bool {
        guard let text = try FileBytes.readIfPresent(path(GrubPlaces.selector), limit: GrubSource.limit) else {
            return false
        }
        let first = try FileBytes.readIfPresent(file("grub.cfg", .a), limit: GrubSource.limit)
        if first == GrubConfiguration(adopting: text).text { return true }
        return try state(.a) == .damaged && FileStatus.of(file("grub.cfg", .b)) == nil
            && FileStatus.of(path(GrubPlaces.selection)) == nil
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
        try Folders.make(folder)
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
            try Folders.make(place.removingLastComponent())
            return try write(bytes, to: place)
        }
        try SectorFile.write(bytes, to: place)
    }

    /// Writes a file whole, unless it is there already, and reads it back past the page cache.
    func write(_ bytes: [UInt8], to path: FilePath) throws {
        if try FileBytes.readIfPresent(path, limit: GrubSource.limit) == bytes { return }
        try AtomicFile.write(bytes, to: path)
        try Folders.flushFilesystem(path.removingLastComponent())
        guard try SectorFile.read(path, limit: GrubSource.limit) == bytes else {
            throw GrubError("reading back", path, "it is not what was written")
        }
    }

    /// Exchanges the names of two files, and leaves them where FAT cannot: no other order of writes is safe.
    ///
    /// - Parameter rest: what is to be said of what stays as it is.
    /// - Returns: a note when the names could not be exchanged; nothing has changed then.
    /// - Throws: `SystemError` for any other reason.
    func exchange(_ new: String, with old: String, otherwise rest: String) throws -> [String] {
        do throws(SystemError) { try NameExchange.perform(path(new), path(old)) } catch {
            guard error.errno == .invalidArgument else { throw error }
            return ["this kernel cannot exchange names on FAT (before Linux 6.0): \(rest)"]
        }
        try Folders.flushFilesystem(root)
        return []
    }
}

extension GrubCopies {
    /// Writes a file for UEFI under another name, and reads it back.
    ///
    /// - Throws: `SystemError` when it cannot be written; `GrubError` when it does not come back.
    package func stage(_ name: LoaderFile, of loaders: UEFILoaders?) throws {
        guard let file = loaders?.files.first(where: { $0.file == name }) else { return }
        let place = path(GrubPlaces.new(file.path))
        try Folders.make(place.removingLastComponent())
        try write(file.bytes, to: place)
    }

    /// Gives what `stage` wrote its name; what had the name before stays under the other one.
    ///
    /// - Returns: a note when the names could not be exchanged; nothing has changed then.
    /// - Throws: `SystemError` for any other reason.
    package func commit(_ name: LoaderFile, of loaders: UEFILoaders?) throws -> [String] {
        guard let file = loaders?.files.first(where: { $0.file == name }) else { return [] }
        let new = GrubPlaces.new(file.path)
        guard try FileStatus.of(path(file.path)) != nil else {
            // Nobody reads a file of that name yet, so that it may come to the disk in any order.
            try Folders.rename(path(new), to: path(file.path))
            try Folders.flushFilesystem(root)
            return []
        }
        return try exchange(new, with: file.path, otherwise: "\(file.path) is left as it is")
    }
}
