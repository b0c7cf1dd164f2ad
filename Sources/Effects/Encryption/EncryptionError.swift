package import SystemPackage

/// Says why an encrypted volume could not be made, opened or closed.
package struct EncryptionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done, as a verb in -ing form.
    package let operation: String
    /// To which device or file.
    package let subject: String
    /// The error number of libcryptsetup, when there is one.
    package let errno: Errno?
    /// Why it failed, in libcryptsetup's words where it has any.
    package let cause: String
    /// What the operator can do.
    package let remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// A call of libcryptsetup failed; it returns negative error numbers.
    static func library(_ operation: String, _ device: FilePath, _ result: Int32, said: [String]) -> EncryptionError {
        let errno = Errno(rawValue: result > .min ? -result : 0)
        let cause = said.isEmpty ? "\(errno)" : said.joined(separator: " ") + " (\(errno))"
        return EncryptionError(
            operation: operation, subject: device.string, errno: errno, cause: cause, remedy: remedy(errno))
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

    /// A key cannot be used.
    static func key(_ subject: String, _ cause: String, _ remedy: String, errno: Errno? = nil) -> EncryptionError {
        EncryptionError(operation: "reading the key", subject: subject, errno: errno, cause: cause, remedy: remedy)
    }
}
