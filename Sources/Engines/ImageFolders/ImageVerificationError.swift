package import Faults
import ImageModel
import SystemPackage

/// Says why an image is not trusted, and what to do; each refusal has words of its own.
package typealias ImageVerificationError = Fault<ImageVerificationFault>

/// Names why an image is not trusted.
package enum ImageVerificationFault: FaultKind {
    /// There is no key to check against.
    case noKeys
    /// A key file is not a key.
    case badKey
    /// The signature file is not there.
    case unsigned
    /// The signature file cannot be read as one.
    case badSignatureFile
    /// The manifest's digest is not the image's id.
    case altered
    /// No signature fits any key.
    case untrusted
    /// The image was made on this machine, and this initramfs does not boot such images.
    case localRefused
    /// The local signature is not of the key that lies on the same partition.
    case otherMachine
    /// The manifest is signed but cannot be used.
    case unusable
}

extension ImageVerificationError {
    private static var replacement: String { "Boot another image and upgrade again." }

    private init(
        _ kind: ImageVerificationFault, _ subject: String, cause: String, remedy: String,
        underlying: (any Error)? = nil
    ) {
        self.init(kind, "verifying", subject, cause: cause, remedy: remedy, underlying: underlying)
    }

    /// There is no key to check against.
    static func noKeys(_ directories: [FilePath]) -> ImageVerificationError {
        ImageVerificationError(
            .noKeys, directories.map(\.string).joined(separator: ", "), cause: "no public key was found",
            remedy: "Build the initramfs of the image with its keys in /usr/lib/lifeboot/keys.")
    }

    /// A key file is not a key.
    static func badKey(_ path: FilePath, _ error: any Error) -> ImageVerificationError {
        ImageVerificationError(
            .badKey, path.string, cause: "not a usable public key: \(error)",
            remedy: "Put a PEM public key of ECDSA P-256 there, as boatyard key generate makes it.",
            underlying: error)
    }

    /// A file beside the image counts only with a signature, and has none.
    static func unsignedFile(_ file: FilePath, _ place: FilePath) -> ImageVerificationError {
        ImageVerificationError(
            .unsigned, file.string, cause: "it is not signed: there is no \(place)", remedy: signature)
    }

    /// The signature of a file beside the image cannot be read as one.
    static func badSignature(of file: FilePath, _ error: SignatureFileError) -> ImageVerificationError {
        ImageVerificationError(
            .badSignatureFile, file.string, cause: "its signature is damaged: \(error.kind.reason)", remedy: signature,
            underlying: error)
    }

    /// No signature of a file beside the image fits any key.
    static func untrustedFile(_ file: FilePath, keys: [String]) -> ImageVerificationError {
        ImageVerificationError(
            .untrusted, file.string,
            cause: "no signature was made over it by a key of the image (\(keys.joined(separator: ", ")))",
            remedy: signature)
    }

    private static var signature: String { "Sign it with a key of the image (docs/trust.md), or remove it." }

    /// The signature file is not there.
    static func unsigned(_ path: FilePath) -> ImageVerificationError {
        ImageVerificationError(
            .unsigned, path.string, cause: "the image is not signed: the file is missing", remedy: replacement)
    }

    /// The signature file cannot be read as one.
    static func badSignatureFile(_ path: FilePath, _ error: SignatureFileError) -> ImageVerificationError {
        ImageVerificationError(
            .badSignatureFile, path.string, cause: "the signature is damaged: \(error.kind.reason)",
            remedy: replacement,
            underlying: error)
    }

    /// The manifest's digest is not the image's id.
    static func altered(_ path: FilePath, id: String) -> ImageVerificationError {
        ImageVerificationError(
            .altered, path.string, cause: "the manifest was altered: its digest gives the image id \(id)",
            remedy: replacement)
    }

    /// No signature fits any key.
    static func untrusted(_ path: FilePath, keys: [String]) -> ImageVerificationError {
        ImageVerificationError(
            .untrusted, path.string,
            cause:
                "no signature was made over this manifest by a key in the initramfs (\(keys.joined(separator: ", ")))",
            remedy: "Either the manifest was altered, or it was signed with an unknown key. \(replacement)")
    }

    /// The image was made on this machine, and this initramfs does not boot such images.
    static func localRefused(_ path: FilePath) -> ImageVerificationError {
        ImageVerificationError(
            .localRefused, path.string,
            cause: "the image was made on this machine, and this system refuses such images",
            remedy: "Install an image that its maker signed, or build one without refuse-local-images.")
    }

    /// The local signature is not of the key that lies on the same partition.
    static func otherMachine(_ path: FilePath) -> ImageVerificationError {
        ImageVerificationError(
            .otherMachine, path.string, cause: "the signature was not made over this manifest by this machine's key",
            remedy: "Either the manifest was altered, or another machine made the image. \(replacement)")
    }

    /// The manifest is signed but cannot be used.
    static func unusable(_ path: FilePath, _ error: any Error) -> ImageVerificationError {
        ImageVerificationError(
            .unusable, path.string, cause: "the manifest cannot be used: \(error)", remedy: replacement,
            underlying: error)
    }
}
