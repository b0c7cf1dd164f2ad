import COpenSSL
package import SystemPackage

/// Owns an EC P-256 private key, or the way to one that never leaves its token.
package struct SigningKey: ~Copyable {
    /// Where the key is; not private, because what the optimiser puts into other modules to release a key names it.
    enum Place: ~Copyable {
        case here(KeyHandle)
        case token(TokenKey)
    }

    private let place: Place

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
        self.init(handle: try unsafe KeyHandle(owning: key, operation))
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
        self.init(handle: try unsafe KeyHandle(owning: key, "reading a signing key"))
    }

    /// Finds the key in a token that a PKCS #11 URI names (RFC 7512).
    ///
    /// - Parameter pinFile: a file whose first line is the PIN, where the URI does not have it.
    /// - Throws: `CryptographyError` when there is no such key, nothing can speak to the token, or the key is not EC P-256.
    package init(pkcs11 uri: String, pinFile: FilePath?) throws(CryptographyError) {
        place = .token(try TokenKey(uri, pinFile: pinFile))
    }

    /// Takes a key that was read.
    init(handle: consuming KeyHandle) { place = .here(handle) }

    /// Says whether a text names a key in a token, and no file.
    package static func isToken(_ text: String) -> Bool { TokenKey.isURI(text) }

    /// Works with a key that is here.
    ///
    /// - Throws: `CryptographyError` for a key in a token, and what the body throws.
    borrowing func withHandle<Result>(
        _ operation: String, _ body: (borrowing KeyHandle) throws(CryptographyError) -> Result
    ) throws(CryptographyError) -> Result {
        switch place {
        case .here(let handle): return try body(handle)
        case .token: throw .malformed(operation, "the key does not leave its token")
        }
    }

    /// The key as PEM PKCS #8 without passphrase.
    ///
    /// The corresponding C function is `PEM_write_bio_PKCS8PrivateKey`.
    ///
    /// - Throws: `CryptographyError` when OpenSSL cannot, or the key is in a token.
    package borrowing func pem() throws(CryptographyError) -> [UInt8] {
        let buffer = try MemoryBuffer()
        let status = try withHandle("writing a signing key") { (handle) throws(CryptographyError) in
            unsafe PEM_write_bio_PKCS8PrivateKey(buffer.bio, handle.key, nil, nil, 0, nil, nil)
        }
        guard status == 1 else { throw .library("writing a signing key", remedy: "Check that memory is free.") }
        return buffer.contents()
    }

    /// The public half.
    package borrowing func publicKey() throws(CryptographyError) -> PublicKey {
        switch place {
        case .here(let handle): return try PublicKey(handle)
        case .token(let token): return token.publicKey
        }
    }

    /// Signs a message: DER-encoded ECDSA with SHA-256, different each time.
    ///
    /// The corresponding C function is
    /// `EVP_DigestSign`.
    package borrowing func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        switch place {
        case .here(let handle): return try Self.sign(message, with: handle)
        case .token(let token): return try token.sign(message)
        }
    }

    private static func sign(
        _ message: [UInt8], with handle: borrowing KeyHandle
    ) throws(CryptographyError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw unsigned() }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, handle.key) == 1 else { throw unsigned() }
        var signature = [UInt8](repeating: 0, count: 80)
        var length = signature.count
        guard unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
            throw unsigned()
        }
        return Array(signature.prefix(length))
    }

    private static func unsigned() -> CryptographyError {
        .library("signing", remedy: "Check that the key is whole.")
    }
}
