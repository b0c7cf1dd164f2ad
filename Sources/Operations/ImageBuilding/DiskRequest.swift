import DiskContract
package import Faults
package import ImagePlanning
package import SystemPackage

/// Says what disk to build.
package struct DiskRequest: Sendable {
    /// The directory of the active image.
    package var image: FilePath
    /// The directory of the passive image, if there is one from the start; not the active image again.
    package var passive: FilePath?
    /// The directory of the recovery image; it may be the active image.
    package var recovery: FilePath
    /// The file to make; it replaces one of that name when it is complete.
    package var output: FilePath
    /// The format of the file.
    package var format: DiskFormat
    /// The sizes of the partitions; what is not given follows from the content.
    package var sizes = DiskSizes()
    /// A directory whose contents go to the OEM partition.
    package var oemFiles: FilePath?
    /// Where the identifiers come from.
    package var identity = DiskIdentity.random()
    /// The time of every file, in seconds since 1970.
    package var time: Int64
    /// The configuration of GRUB.
    package var grubConfiguration: FilePath
    /// The hash of the password for GRUB's editor and shell; nil for none.
    package var grubPassword: String?
    /// The directory with GRUB's platforms, `i386-pc` and `x86_64-efi`.
    package var grubDirectory: FilePath = "/usr/lib/grub"

    /// Whether a statement of how it was built is written beside it, for which the whole disk is read.
    package var writesProvenance = false
    /// The version of boatyard.
    package var builderVersion = "unknown"

    /// Describes a disk with the default sizes.
    package init(
        image: FilePath, recovery: FilePath, output: FilePath, format: DiskFormat, time: Int64,
        grubConfiguration: FilePath
    ) {
        self.image = image
        self.recovery = recovery
        self.output = output
        self.format = format
        self.time = time
        self.grubConfiguration = grubConfiguration
    }
}

/// Says why a disk was not built.
package typealias DiskError = Fault<DiskFault>

/// Names what a disk cannot be built of.
package enum DiskFault: FaultKind {
    /// An image directory that is not one.
    case image
    /// Something on a filesystem that could not be written.
    case filesystem
    /// A file that has no place on a disk.
    case file
    /// What a program made of the disk.
    case conversion
}

extension DiskError {
    /// An image directory that is not one.
    static func image(_ path: FilePath, _ cause: String) -> DiskError {
        DiskError(
            .image, "using image", path.string, cause: cause,
            remedy: "Check it with `boatyard image verify`.")
    }

    /// Something on a filesystem that could not be written.
    static func filesystem(_ name: Partition, _ cause: String) -> DiskError {
        DiskError(
            .filesystem, "filling", "the \(name.rawValue) partition", cause: cause,
            remedy: "Make it larger, or check the files.")
    }

    /// A file that has no place on a disk.
    static func file(_ path: FilePath, _ cause: String) -> DiskError {
        DiskError(.file, "copying", path.string, cause: cause, remedy: "Remove or rename it.")
    }
    /// What a program made of the disk.
    static func conversion(_ format: DiskFormat, _ cause: String) -> DiskError {
        DiskError(
            .conversion, "converting", "the disk to \(format.rawValue)", cause: cause,
            remedy: "Take the qemu-img of a distribution, or --format raw.")
    }
}
