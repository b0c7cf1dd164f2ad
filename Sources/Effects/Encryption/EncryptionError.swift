package import Faults
import LinuxSystem
package import SystemPackage

/// Says why an encrypted volume could not be made, opened or closed.
package typealias EncryptionError = Fault<EncryptionFault>

/// Names what fails with encrypted volumes.
package enum EncryptionFault: FaultKind {
    /// A call of libcryptsetup.
    case library(Errno)
    /// A key cannot be used; with the error number, when there is one.
    case key(Errno?)
}

extension EncryptionError {
    /// The error number, when there is one.
    package var errno: Errno? {
        switch kind {
        case .library(let errno): errno
        case .key(let errno): errno
        }
    }

    /// A call of libcryptsetup failed; it returns negative error numbers.
    static func library(_ operation: String, _ device: FilePath, _ result: Int32, said: [String]) -> EncryptionError {
        let errno = Errno(rawValue: result > .min ? -result : 0)
        let cause = said.isEmpty ? "\(errno)" : said.joined(separator: " ") + " (\(errno))"
        return EncryptionError(
            .library(errno), operation, device.string, cause: cause, remedy: remedy(errno))
    }

    /// libcryptsetup(3): EPERM is "no keyslot with this key", ENODEV and ENOENT a missing kernel module.
    private static func remedy(_ errno: Errno) -> String {
        switch errno {
        case .notPermitted: "No key slot opens with this key; try another."
        case .operationNotSupportedByDevice, .noSuchFileOrDirectory, .notSupported:
            "Check that the kernel has dm-crypt and its ciphers (modules dm_crypt, aes, xts)."
        case .invalidArgument: "It holds no LUKS2 header, or a damaged one."
        case .resourceBusy, .fileExists: "It is in use; close it first."
        case .noMemory: "Free memory, or use a key file of 32 bytes or more, which needs none."
        case .noSpace: "The partition is too small; LUKS2 needs 16 MiB for its header."
        default: "See the kernel log for details."
        }
    }

    /// A key has no bytes.
    static func emptyKey(_ subject: String) -> EncryptionError {
        EncryptionError(.key(nil), "reading the key", subject, cause: "it is empty", remedy: "Put a key in it.")
    }

    /// A key file cannot be read.
    static func key(_ path: FilePath, _ error: SystemError) -> EncryptionError {
        EncryptionError(
            .key(error.errno), "reading the key", path.string, cause: error.cause, remedy: error.remedy,
            underlying: error)
    }
}
