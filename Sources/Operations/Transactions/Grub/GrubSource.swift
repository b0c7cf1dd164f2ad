package import Faults
import GrubEnvironment
package import ImagePlanning
import LinuxSystem
package import SystemPackage

/// GRUB's files as an image carries them, in `/usr/lib/lifeboot/grub`.
package struct GrubSource: Sendable {
    /// Where they lie in an image.
    package static let place: FilePath = "/usr/lib/lifeboot/grub"
    /// The largest file that is read, in bytes.
    static let limit = 8 << 20

    /// The configuration and the version of all files.
    package var configuration: GrubConfiguration
    /// The selector.
    package var selector: [UInt8]
    /// The boot sector for BIOS; nil when the image has none.
    package var bootImage: [UInt8]?
    /// The core image for BIOS; nil when the image has none.
    package var core: [UInt8]?
    /// The programs for UEFI, the distribution's pair if there is one; nil when the image has none.
    package var loaders: UEFILoaders?

    /// Reads them.
    ///
    /// - Returns: nil when the folder has no `version`: the image brings no GRUB.
    /// - Throws: `SystemError` when a file cannot be read; `GrubError` when `version` is no number; `LoaderError` when the
    ///   programs for UEFI do not fit each other.
    package init?(_ folder: FilePath = place) throws {
        let optional = { (name: String) in try FileBytes.readIfPresent(folder.appending(name), limit: Self.limit) }
        guard let text = try optional("version") else { return nil }
        guard let version = GrubConfiguration.version(parsing: text) else {
            throw GrubError("reading", folder.appending("version"), "it is no version number")
        }
        configuration = GrubConfiguration(
            version: version, text: try FileBytes.read(folder.appending("grub.cfg"), limit: Self.limit))
        selector = try FileBytes.read(folder.appending("select.cfg"), limit: Self.limit)
        (bootImage, core) = (try optional("boot.img"), try optional("core.img"))
        loaders =
            try UEFILoaders(configuration: UEFILoaders.diskConfiguration, read: optional)
            ?? optional(LoaderNames.x64.firmware).map { UEFILoaders(own: $0) }
    }
}

/// Says why GRUB's files could not be read or written.
package typealias GrubError = Fault<GrubFault>

/// Names what fails in an upgrade of GRUB.
package enum GrubFault: FaultKind {
    /// A file or sector that is not what it should be.
    case unexpected
}

extension GrubError {
    init(_ operation: String, _ subject: FilePath, _ cause: String) {
        self.init(
            .unexpected, operation, subject.string, cause: cause,
            remedy: "GRUB goes on as it is; see docs/decisions/0013-grub-in-two-copies.md.")
    }
}
