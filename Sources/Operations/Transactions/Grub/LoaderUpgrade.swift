package import ImagePlanning
import LinuxSystem
import SystemPackage

/// Puts loaders for UEFI in the place of those on a mounted boot partition, one file after the other.
package struct LoaderUpgrade: Sendable {
    private let copies: GrubCopies
    private let loaders: UEFILoaders?

    /// Names the partition and what goes on it.
    package init(_ loaders: UEFILoaders?, on copies: GrubCopies) { (self.loaders, self.copies) = (loaders, copies) }

    /// Writes a file under another name, and reads it back.
    ///
    /// - Throws: `SystemError` when it cannot be written; `GrubError` when it does not come back.
    package func stage(_ name: LoaderFile) throws {
        guard let file = file(name) else { return }
        let place = copies.path(GrubPlaces.new(file.path))
        try Folders.make(place.removingLastComponent())
        try copies.write(file.bytes, to: place)
    }

    /// Gives what `stage` wrote its name; what had the name before stays under the other one.
    ///
    /// - Returns: a note when the names could not be exchanged; nothing has changed then.
    /// - Throws: `SystemError` for any other reason.
    package func commit(_ name: LoaderFile) throws -> [String] {
        guard let file = file(name) else { return [] }
        let new = GrubPlaces.new(file.path)
        guard try FileStatus.of(copies.path(file.path)) != nil else {
            // Nobody reads a file of that name yet, so that it may come to the disk in any order.
            try Folders.rename(copies.path(new), to: copies.path(file.path))
            try Folders.flushFilesystem(copies.root)
            return []
        }
        return try copies.exchange(new, with: file.path, otherwise: "\(file.path) is left as it is")
    }

    private func file(_ name: LoaderFile) -> UEFILoaders.File? { loaders?.files.first { $0.file == name } }
}
