package import Faults
import ImagePlanning
package import SystemPackage

/// Says what machines are to load from the network.
package struct NetbootRequest {
    /// The directory of the image that starts.
    package var image: FilePath
    /// The folder that gets the script, and a folder of the image's own beside it.
    package var output: FilePath
    /// A directory whose contents become `oem`.
    package var oemFiles: FilePath?
    /// What a machine does that is to be installed without anybody; nil for no such thing.
    package var installation: FilePath?
    /// The file whose first line is the passphrase that it encrypts with; nil for none.
    package var passphrase: FilePath?
    /// Whether that is what happens when nobody chooses.
    package var isUnattended = false
    /// The time of every file in the archive, in seconds since 1970; nil for the one at which the image was made.
    package var time: Int64?
    /// Signs `install.yaml`; nil leaves it unsigned.
    package var sign: ((_ message: [UInt8]) throws -> [UInt8])?

    /// Describes a netboot of an image.
    package init(image: FilePath, output: FilePath) {
        self.image = image
        self.output = output
    }
}

/// Says what was made for the network.
package struct NetbootReport: Equatable, Sendable {
    /// The memory that a machine needs, in bytes.
    package var memory: Int64
    /// What a machine loads, in bytes.
    package var size: Int64
}

/// Says why an image cannot be started from the network.
package typealias NetbootError = Fault<NetbootFault>

/// Names what keeps an image from the network.
package enum NetbootFault: FaultKind {
    /// An argument of the image that iPXE takes for its own.
    case argument
    /// A file that is too large for an initramfs.
    case size
}

extension NetbootError {
    static func argument(_ text: String) -> NetbootError {
        NetbootError(
            .argument, "writing the script for iPXE", text, cause: "this kernel argument means something to iPXE",
            remedy: "Build the image without it, or start it from its ISO: by HTTP, if the firmware is UEFI.")
    }

    static func size(_ path: String, _ size: Int64) -> NetbootError {
        NetbootError(
            .size, "placing in the initramfs", path,
            cause: "it has \(size) bytes, and an initramfs holds no file above \(CpioEntry.maximumFileSize)",
            remedy: "Start the image from its ISO by HTTP, which needs UEFI, or make it smaller.")
    }
}
