import COpenSSL
package import Faults
import SystemPackage

/// Says why a key, digest or signature could not be made, read or checked; never that a signature is wrong.
package typealias CryptographyError = Fault<CryptographyFault>

/// Names what fails with keys, digests and signatures.
package enum CryptographyFault: FaultKind {
    /// OpenSSL failed.
    case library
    /// OpenSSL reads the key, but it is not of the one accepted kind.
    case foreignKey
    /// A descriptor could not be read.
    case reading
    /// A key file is not what it says it is.
    case malformed
    /// A key is protected, and its passphrase missing or wrong.
    case passphrase
    /// The program that speaks to a token failed.
    case program
}

extension CryptographyError {
    /// Names the file or object that the error is about.
    package func about(_ subject: String) -> CryptographyError {
        var copy = self
        copy.subject = subject
        return copy
    }

    /// An error of OpenSSL; takes the reason from its queue and empties the queue.
    static func library(_ operation: String, remedy: String) -> CryptographyError {
        CryptographyError(.library, operation, "", cause: OpenSSL.takeReason(), remedy: remedy)
    }

    /// A key that OpenSSL reads but that is not of the one accepted kind.
    static func foreignKey(_ operation: String, _ found: String) -> CryptographyError {
        CryptographyError(
            .foreignKey, operation, "", cause: "\(found), only EC P-256 is accepted",
            remedy: "Make a key with 'boatyard key generate'.")
    }

    /// A key file that is not what it says it is.
    static func malformed(_ operation: String, _ cause: String) -> CryptographyError {
        CryptographyError(
            .malformed, operation, "", cause: cause, remedy: "Check that the file is whole and the key's own.")
    }

    /// A key that is protected, and whose passphrase is missing or wrong.
    static func passphrase(_ operation: String, _ cause: String) -> CryptographyError {
        CryptographyError(
            .passphrase, operation, "", cause: cause,
            remedy: "Give --passphrase-file with a file whose first line it is, or set COSIGN_PASSWORD.")
    }

    /// A descriptor that could not be read.
    static func reading(_ error: Errno) -> CryptographyError {
        CryptographyError(
            .reading, "hashing", "", cause: error.description, remedy: "Check the medium that holds the file.")
    }
}

/// Sets the library up and takes its error texts.
enum OpenSSL {
    /// Whether the library was set up without its configuration file, which a static program and an initramfs lack and
    /// which could otherwise load modules.
    static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1

    /// Returns the latest reason of this thread and empties the queue.
    static func takeReason() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0 else { return "OpenSSL gives no reason" }
        guard let text = unsafe ERR_reason_error_string(code) else { return "OpenSSL error \(code)" }
        return unsafe String(cString: text)
    }
}

/// Says which libcrypto is linked.
package enum CryptoLibrary {
    /// The version, as `OpenSSL 3.0.15 3 Sep 2024`.
    ///
    /// The corresponding C function is `OpenSSL_version`.
    package static var version: String {
        unsafe OpenSSL_version(OPENSSL_VERSION).map { unsafe String(cString: $0) } ?? "unknown"
    }
}
