import SystemPackage

/// Says why an image is not trusted, and what to do; each refusal has words of its own.
package struct ImageVerificationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file that was checked.
    package let subject: String
    /// Why it is refused.
    package let cause: String
    /// What the operator can do.
    package let remedy: String

    /// One line.
    package var description: String { "verifying \(subject): \(cause). \(remedy)" }

    static let replace = "Boot another image and upgrade again."

    /// There is no key to check against.
    static func noKeys(_ directories: [FilePath]) -> ImageVerificationError {
        ImageVerificationError(
            subject: directories.map(\.string).joined(separator: ", "), cause: "no public key was found",
            remedy: "Build the initramfs of the image with its keys in /usr/lib/lifeboot/keys.")
    }

    /// A key file is not a key.
    static func badKey(_ path: FilePath, _ reason: String) -> ImageVerificationError {
        ImageVerificationError(
            subject: path.string, cause: "not a usable public key: \(reason)",
            remedy: "Put a PEM public key of ECDSA P-256 there, as boatyard key generate makes it.")
    }

    /// The signature file is not there.
    static func unsigned(_ path: FilePath) -> ImageVerificationError {
        ImageVerificationError(
            subject: path.string, cause: "the image is not signed: the file is missing", remedy: replace)
    }

    /// The signature file cannot be read as one.
    static func badSignatureFile(_ path: FilePath, _ reason: String) -> ImageVerificationError {
        ImageVerificationError(subject: path.string, cause: "the signature is damaged: \(reason)", remedy: replace)
    }

    /// The manifest's digest is not the image's id.
    static func altered(_ path: FilePath, id: String) -> ImageVerificationError {
        ImageVerificationError(
            subject: path.string, cause: "the manifest was altered: its digest gives the image id \(id)",
            remedy: replace)
    }

    /// No signature fits any key.
    static func untrusted(_ path: FilePath, keys: [String]) -> ImageVerificationError {
        ImageVerificationError(
            subject: path.string,
            cause:
                "no signature was made over this manifest by a key in the initramfs (\(keys.joined(separator: ", ")))",
            remedy: "Either the manifest was altered, or it was signed with an unknown key. \(replace)")
    }

    /// The image was made on this machine, and this initramfs does not boot such images.
    static func localRefused(_ path: FilePath) -> ImageVerificationError {
        ImageVerificationError(
            subject: path.string, cause: "the image was made on this machine, and this system refuses such images",
            remedy: "Install an image that its maker signed, or build one without refuse-local-images.")
    }

    /// The local signature is not of the key that lies on the same partition.
    static func otherMachine(_ path: FilePath) -> ImageVerificationError {
        ImageVerificationError(
            subject: path.string, cause: "the signature was not made over this manifest by this machine's key",
            remedy: "Either the manifest was altered, or another machine made the image. \(replace)")
    }

    /// The manifest is signed but cannot be used.
    static func unusable(_ path: FilePath, _ reason: String) -> ImageVerificationError {
        ImageVerificationError(subject: path.string, cause: "the manifest cannot be used: \(reason)", remedy: replace)
    }
}
