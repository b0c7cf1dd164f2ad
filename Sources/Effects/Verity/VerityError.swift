package import Faults
import SystemPackage

/// Says why dm-verity could not be set up or taken down.
package typealias VerityError = Fault<VerityFault>

/// Names what fails with dm-verity.
package enum VerityFault: FaultKind {
    /// A call of libcryptsetup.
    case library
    /// A file could not be read or written.
    case file
    /// No tree can be made like this.
    case unsuitable
    /// The file ended while it was read.
    case shorter
    /// The parameters on the disk are not those of the manifest.
    case mismatch
}

extension VerityError {
    /// A call of libcryptsetup failed; it returns negative error numbers.
    static func library(_ operation: String, _ device: FilePath, _ result: Int32, said: [String]) -> VerityError {
        let code = result < 0 ? "\(Errno(rawValue: -result))" : "error \(result)"
        let cause = said.isEmpty ? code : said.joined(separator: " ") + " (\(code))"
        return VerityError(.library, operation, device.string, cause: cause, remedy: remedy(result))
    }

    private static func remedy(_ result: Int32) -> String {
        switch Errno(rawValue: -result) {
        case .notPermitted, .permissionDenied:
            "The data does not match the signed root hash, or this is not run as root."
        case .operationNotSupportedByDevice, .noSuchFileOrDirectory, .notSupported:
            "Check that the kernel has dm-verity (module dm_verity)."
        case .invalidArgument: "The image is damaged or not one of ours; boot another and upgrade again."
        default: "See the kernel log for details."
        }
    }

    /// A file could not be read or written.
    static func file(_ operation: String, _ file: FilePath, _ errno: Errno) -> VerityError {
        VerityError(
            .file, operation, file.string, cause: "\(errno)",
            remedy: errno == .noSpace
                ? "Free space on the filesystem that holds it."
                : "Check the filesystem that holds it and the kernel log.")
    }

    /// No tree can be made like this.
    static func unsuitable(_ file: FilePath, _ what: String) -> VerityError {
        VerityError(
            .unsuitable, "making a hash tree of", file.string, cause: "its \(what) is out of range",
            remedy: "Report this as a fault of the program.")
    }

    /// The file ended while it was read.
    static func shorter(_ file: FilePath) -> VerityError {
        VerityError(
            .shorter, "making a hash tree of", file.string, cause: "it is shorter than it should be",
            remedy: "Nothing else may write to it; try again.")
    }

    /// The parameters on the disk are not those of the manifest.
    static func mismatch(_ device: FilePath, _ what: String) -> VerityError {
        VerityError(
            .mismatch, "activating verity over", device.string,
            cause: "the tree's \(what) is not the one in the signed manifest",
            remedy: "The image was damaged or exchanged; boot another and upgrade again.")
    }
}
