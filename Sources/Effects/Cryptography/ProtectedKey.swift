// Private keys whose file is of no use to whoever only has the file.
import COpenSSL

extension SigningKey {
    /// The longest passphrase in bytes: what OpenSSL's reader of PEM takes.
    package static let longestPassphrase = 1_023
    /// How often a guess at a passphrase must be hashed (OWASP, "Password Storage", PBKDF2 with SHA-256).
    private static let iterations: Int32 = 600_000

    /// Reads a PEM private key that may be protected: PKCS #8 and SEC 1 with a passphrase, and cosign's own form.
    ///
    /// - Parameter passphrase: what opens it; a key that is not protected needs none. Nobody is asked.
    /// - Throws: `CryptographyError` when the text is no such key, the passphrase is missing or wrong, or the key is not EC
    ///   P-256.
    package init(pem: [UInt8], passphrase: [UInt8]?) throws(CryptographyError) {
        let operation = "reading a signing key"
        guard let passphrase else {
            guard !Self.isProtected(pem) else {
                throw .passphrase(operation, "it is protected by a passphrase, and none is given")
            }
            self = try SigningKey(pem: pem)
            return
        }
        guard passphrase.count <= Self.longestPassphrase, !passphrase.contains(0) else {
            throw .passphrase(operation, "the passphrase is too long, or has a zero byte")
        }
        if let key = try CosignKey(pem: pem) {
            self = try SigningKey(der: try key.opened(passphrase))
        } else {
            self = try SigningKey(opening: pem, passphrase)
        }
    }

    /// Whether a text is a key that needs a passphrase.
    private static func isProtected(_ pem: [UInt8]) -> Bool {
        let text = String(decoding: pem, as: UTF8.self)
        return PEMText.lines(text).contains {
            $0.hasPrefix("-----BEGIN ENCRYPTED ") || $0.hasPrefix("Proc-Type: 4,ENCRYPTED")
        }
    }

    /// The corresponding C function is `PEM_read_bio_PrivateKey`.
    private init(opening pem: [UInt8], _ passphrase: [UInt8]) throws(CryptographyError) {
        let buffer = try MemoryBuffer(holding: pem)
        // Without a function of ours OpenSSL takes the last argument for the passphrase, up to its zero byte.
        var text = passphrase + [0]
        let key = unsafe text.withUnsafeMutableBytes {
            unsafe PEM_read_bio_PrivateKey(buffer.bio, nil, nil, $0.baseAddress)
        }
        if unsafe key == nil, Self.isProtected(pem) {
            throw .passphrase("reading a signing key", "the passphrase is wrong (\(OpenSSL.takeReason()))")
        }
        self = SigningKey(handle: try unsafe KeyHandle(owning: key, "reading a signing key"))
    }

    /// The corresponding C function is `d2i_AutoPrivateKey`.
    private init(der: [UInt8]) throws(CryptographyError) {
        let key = unsafe der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return unsafe d2i_AutoPrivateKey(nil, &position, buffer.count)
        }
        self = SigningKey(handle: try unsafe KeyHandle(owning: key, "reading a signing key"))
    }

    /// The key as PEM PKCS #8 that a passphrase opens: AES-256, PBKDF2 with SHA-256.
    ///
    /// - Throws: `CryptographyError` for an empty or too long passphrase, a key in a token, and when OpenSSL cannot.
    package borrowing func pem(protectedBy passphrase: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let operation = "protecting a signing key"
        guard !passphrase.isEmpty, passphrase.count <= Self.longestPassphrase, !passphrase.contains(0) else {
            throw .passphrase(operation, "the passphrase is empty, too long, or has a zero byte")
        }
        let buffer = try MemoryBuffer()
        let text = passphrase.map { CChar(bitPattern: $0) }
        let isWritten = try withHandle(operation) { (handle) throws(CryptographyError) in
            unsafe Self.write(handle.key, text, to: buffer.bio)
        }
        guard isWritten else { throw .library(operation, remedy: "Check that libcrypto is complete.") }
        return buffer.contents()
    }

    /// The corresponding C functions are `PKCS5_pbe2_set_iv` and `PKCS8_set0_pbe`.
    private static func write(_ key: OpaquePointer, _ passphrase: [CChar], to bio: OpaquePointer) -> Bool {
        guard let content = unsafe EVP_PKEY2PKCS8(key) else { return false }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(content) }
        guard
            let method = unsafe PKCS5_pbe2_set_iv(
                EVP_aes_256_cbc(), iterations, nil, 16, nil, NID_hmacWithSHA256)
        else { return false }
        // On success the result owns the method.
        guard let locked = unsafe PKCS8_set0_pbe(passphrase, Int32(clamping: passphrase.count), content, method) else {
            unsafe X509_ALGOR_free(method)
            return false
        }
        defer { unsafe X509_SIG_free(locked) }
        return unsafe PEM_write_bio_PKCS8(bio, locked) == 1
    }
}
