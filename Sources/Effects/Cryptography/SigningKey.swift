import COpenSSL

/// Owns an EC P-256 private key.
package struct SigningKey: ~Copyable {
    private let handle: KeyHandle

    /// Makes a new key from the system's random numbers.
    ///
    /// The corresponding C function is `EVP_PKEY_generate`.
    ///
    /// - Throws: `CryptographyError` when OpenSSL cannot, for want of randomness or memory.
    package init() throws(CryptographyError) {
        let operation = "generating a key"
        guard OpenSSL.isReady, let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else {
            throw .library(operation, remedy: "Check that libcrypto is complete.")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            unsafe EVP_PKEY_generate(context, &key) == 1
        else { throw .library(operation, remedy: "Check that libcrypto is complete.") }
        handle = try unsafe KeyHandle(owning: key, operation)
    }

    /// Reads a PEM private key (PKCS 8 or SEC 1) without passphrase.
    ///
    /// The corresponding C function is
    /// `PEM_read_bio_PrivateKey`.
    ///
    /// - Throws: `CryptographyError` when the text is no such key, is encrypted (nobody is asked), or the key is not EC
    ///   P-256.
    package init(pem: [UInt8]) throws(CryptographyError) {
        let buffer = try MemoryBuffer(holding: pem)
        let key = unsafe PEM_read_bio_PrivateKey(buffer.bio, nil, { _, _, _, _ in -1 }, nil)
        handle = try unsafe KeyHandle(owning: key, "reading a signing key")
    }

    /// The key as PEM PKCS #8 without passphrase.
    ///
    /// The corresponding C function is `PEM_write_bio_PKCS8PrivateKey`.
    package borrowing func pem() throws(CryptographyError) -> [UInt8] {
        let buffer = try MemoryBuffer()
        guard unsafe PEM_write_bio_PKCS8PrivateKey(buffer.bio, handle.key, nil, nil, 0, nil, nil) == 1 else {
            throw .library("writing a signing key", remedy: "Check that memory is free.")
        }
        return buffer.contents()
    }

    /// The public half.
    package borrowing func publicKey() throws(CryptographyError) -> PublicKey { try PublicKey(handle) }

    /// Signs a message: DER-encoded ECDSA with SHA-256, different each time.
    ///
    /// The corresponding C function is
    /// `EVP_DigestSign`.
    package borrowing func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw Self.unsigned() }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, handle.key) == 1 else { throw Self.unsigned() }
        var signature = [UInt8](repeating: 0, count: 80)
        var length = signature.count
        guard unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
            throw Self.unsigned()
        }
        return Array(signature.prefix(length))
    }

    private static func unsigned() -> CryptographyError {
        .library("signing", remedy: "Check that the key is whole.")
    }
}
