package import Faults
import ImagePlanning
package import SystemPackage

/// Says what medium to build.
package struct ISORequest {
    /// The directory of the image that boots.
    package var image: FilePath
    /// The directories of further images, which a machine can install or keep as recovery.
    package var others: [FilePath] = []
    /// The file to make; it replaces one of that name when it is complete.
    package var output: FilePath
    /// What a desktop shows.
    package var label = "LIFEBOOT"
    /// The time of every file, in seconds since 1970; nil for the one at which the image was made.
    package var time: Int64?
    /// What identifiers are derived from; nil for the time and the images.
    package var seed: String?
    /// A directory whose contents become `oem` on the medium.
    package var oemFiles: FilePath?
    /// What a machine does that is to be installed without anybody; nil for no such thing.
    package var installation: FilePath?
    /// The file whose first line is the passphrase that it encrypts with; nil for none.
    package var passphrase: FilePath?
    /// Whether that is what happens when nobody chooses.
    package var isUnattended = false
    /// Signs the sums of all files; nil leaves them unsigned.
    package var sign: ((_ message: [UInt8]) throws -> [UInt8])?
    /// The directory with GRUB's platforms, `i386-pc` and `x86_64-efi`.
    package var grubDirectory: FilePath = "/usr/lib/grub"

    /// Whether a statement of how it was built is written beside it, for which the whole medium is read.
    package var writesProvenance = false
    /// The version of boatyard.
    package var builderVersion = "unknown"

    /// Describes a medium with one image.
    package init(image: FilePath, output: FilePath) {
        self.image = image
        self.output = output
    }
}

/// Says why a medium was not built.
package typealias ISOError = Fault<ISOFault>

/// Names what a medium cannot be built of.
package enum ISOFault: FaultKind {
    /// A program or a part of GRUB that this machine lacks.
    case missing
    /// Images that do not make a medium together.
    case image
    /// A file that has no place on a medium.
    case file
    /// A label that not all systems show.
    case label
}

extension ISOError {
    /// Something that a package of Debian brings.
    static func missing(_ subject: String, package: String) -> ISOError {
        ISOError(
            .missing, "looking for", subject, cause: "it is not on this machine",
            remedy: "Install it: apt-get install \(package).")
    }

    /// An image that cannot be on the medium.
    static func image(_ path: FilePath, _ cause: String) -> ISOError {
        ISOError(.image, "placing on the medium", path.string, cause: cause, remedy: "Name another image.")
    }

    /// A file that cannot be on the medium.
    static func file(_ path: FilePath, _ cause: String, remedy: String = "Remove or rename it.") -> ISOError {
        ISOError(.file, "placing on the medium", path.string, cause: cause, remedy: remedy)
    }

    /// A label that not all systems show.
    static func label(_ text: String) -> ISOError {
        ISOError(
            .label, "naming the medium", text,
            cause: "a label has 1 to \(ISOVolume.maximumLabelLength) capitals, digits and underscores",
            remedy: "Choose another one; nothing looks for the medium by it.")
    }
}

/// Says what was built.
package struct ISOReport: Sendable {
    /// The size of the file in bytes.
    package var size: Int64
    /// What does not keep the medium from being built, but may keep it from starting somewhere; whole sentences.
    package var warnings: [String]
}
