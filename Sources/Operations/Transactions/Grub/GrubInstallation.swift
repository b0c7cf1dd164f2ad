import GrubEnvironment
import ImagePlanning
import LinuxSystem
package import SystemPackage

/// Puts GRUB on a disk that does not boot yet.
package struct GrubInstallation: Sendable {
    /// The files of an image.
    package let source: GrubSource

    /// Takes the files of an image.
    package init(_ source: GrubSource) { self.source = source }

    /// Fills the mounted boot partition: both copies of the configuration, `grub.env`, the selector, and the UEFI
    /// program last.
    ///
    /// `boot.env` and `boot.bak` are the caller's; it writes them before this, so that they come to lie first.
    /// - Throws: `SystemError` or `GrubError` when a file cannot be written.
    package func fill(bootPartition root: FilePath) throws {
        let copies = GrubCopies(root: root)
        try copies.write(GrubSelection(loader: source.configuration.version))
        for copy in GrubCopy.allCases { try copies.write(source.configuration, as: copy) }
        try copies.write(source.selector, to: copies.path(GrubPlaces.selector))
        guard let loader = source.loader else { return }
        let place = copies.path(GrubPlaces.loader)
        try Folders.make(place.removingLastComponent())
        try copies.write(loader, to: place)
    }

    /// Writes the core image and then sector 0, which makes the disk one that BIOS boots; nothing when the image brings
    /// no GRUB for BIOS.
    ///
    /// - Throws: `SystemError` or `GrubBootCodeError` when the disk cannot be written.
    package func makeBootable(_ sector: GrubBootSector) throws {
        guard let bootImage = source.bootImage, let core = source.core else { return }
        try sector.write(core, slot: 0)
        try sector.commit(bootImage, slot: 0)
    }
}
