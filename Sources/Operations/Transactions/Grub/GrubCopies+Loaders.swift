package import ImagePlanning
import LinuxSystem
import SystemPackage

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
