import COpenSSL
package import ImageModel
package import LinuxSystem
package import SystemPackage

/// Holds an EC P-256 public key as its DER SubjectPublicKeyInfo (RFC 5480), which makes keys comparable values.
package struct PublicKey: Hashable, Sendable {
    /// What checking a signature found; that it could not be checked is an error instead.
    package enum Verdict: Equatable, Sendable {
        /// The key made the signature over these bytes.
        case valid
        /// It did not.
        case invalid
    }

    /// The DER encoding.
    package let subjectPublicKeyInfo: [UInt8]

    /// Reads a PEM public key.
    ///
    /// The corresponding C function is `PEM_read_bio_PUBKEY`.
    ///
    /// - Throws: `CryptographyError` when the text is no such key or the key is not EC P-256 with a named curve.
    package init(pem: [UInt8]) throws(CryptographyError) {
        let buffer = try MemoryBuffer(holding: pem)
        let key = unsafe PEM_read_bio_PUBKEY(buffer.bio, nil, nil, nil)
        try unsafe self.init(KeyHandle(owning: key, "reading a public key"))
    }

    /// Takes the public half of a key.
    ///
    /// The corresponding C function is `i2d_PUBKEY_bio`.
    init(_ handle: borrowing KeyHandle) throws(CryptographyError) {
        let buffer = try MemoryBuffer()
        guard unsafe i2d_PUBKEY_bio(buffer.bio, handle.key) == 1 else {
            throw .library("encoding a public key", remedy: "Make a new key with 'boatyard key generate'.")
        }
        subjectPublicKeyInfo = buffer.contents()
    }

    /// The SHA-256 of the DER encoding: a short name for people.
    package func fingerprint() throws(CryptographyError) -> Digest { try SHA256Hasher.digest(of: subjectPublicKeyInfo) }

    /// The key as PEM.
    ///
    /// The corresponding C function is `PEM_write_bio_PUBKEY`.
    package func pem() throws(CryptographyError) -> [UInt8] {
        let handle = try handle()
        let buffer = try MemoryBuffer()
        guard unsafe PEM_write_bio_PUBKEY(buffer.bio, handle.key) == 1 else {
            throw .library("writing a public key", remedy: "Check that memory is free.")
        }
        return buffer.contents()
    }

    /// Checks a DER-encoded ECDSA signature with SHA-256 over a message.
    ///
    /// The corresponding C function is
    /// `EVP_DigestVerify`. Bytes that are no DER signature at all are invalid.
    ///
    /// - Throws: `CryptographyError` when the check itself could not be done.
    package func verify(signature: [UInt8], of message: [UInt8]) throws(CryptographyError) -> Verdict {
        guard Self.isSignature(signature) else { return .invalid }
        let handle = try handle()
        guard let context = unsafe EVP_MD_CTX_new() else { throw Self.unchecked() }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, handle.key) == 1 else {
            throw Self.unchecked()
        }
        switch unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) {
        case 1: return .valid
        case 0:
            ERR_clear_error()
            return .invalid
        default: throw Self.unchecked()
        }
    }

    /// Says whether the bytes are one DER signature and nothing more.
    ///
    /// The corresponding C function is `d2i_ECDSA_SIG`.
    private static func isSignature(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let signature = unsafe d2i_ECDSA_SIG(nil, &position, buffer.count)
            defer { unsafe ECDSA_SIG_free(signature) }
            ERR_clear_error()
            return unsafe signature != nil && position == buffer.baseAddress?.advanced(by: buffer.count)
        }
    }

    /// The key as OpenSSL wants it.
    ///
    /// The corresponding C function is `d2i_PUBKEY`.
    private func handle() throws(CryptographyError) -> KeyHandle {
        let key = unsafe subjectPublicKeyInfo.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &position, buffer.count)
        }
        return try unsafe KeyHandle(owning: key, "decoding a public key")
    }

    private static func unchecked() -> CryptographyError {
        .library("checking a signature", remedy: "Check that libcrypto is complete and memory is free.")
    }
}

/// Pairs a public key with the name of its file.
package struct TrustedKey: Hashable, Sendable {
    /// The longest key file that is read, in bytes: far beyond any P-256 key.
    private static let sizeLimit = 16 << 10

    /// The file's name, for messages.
    package var name: String
    /// The key.
    package var key: PublicKey

    /// Names a key.
    package init(name: String, key: PublicKey) {
        self.name = name
        self.key = key
    }

    /// Reads one key file, which must be there.
    ///
    /// - Throws: `CryptographyError` when it is no key, `SystemError` when it cannot be read.
    package init(file: FilePath) throws {
        let pem = try FileBytes.read(file, limit: Self.sizeLimit)
        do throws(CryptographyError) { key = try PublicKey(pem: pem) } catch { throw error.about(file.string) }
        name = file.lastComponent?.string ?? file.string
    }

    /// Reads every `*.pem` and `*.pub` file of some folders, in name order; a folder need not be there.
    ///
    /// - Throws: as `init(file:)`, and `SystemError` when a folder cannot be read.
    package static func all(in folders: [FilePath]) throws -> [TrustedKey] {
        try files(in: folders).map { try TrustedKey(file: $0) }
    }

    /// Reads the same files, and passes over those that are no key: one of them must not keep the others from counting.
    ///
    /// - Returns: the keys, and what was passed over.
    /// - Throws: `SystemError` when a folder cannot be read.
    package static func usable(
        in folders: [FilePath]
    ) throws(SystemError) -> (keys: [TrustedKey], skipped: [SkippedKey]) {
        var keys: [TrustedKey] = []
        var skipped: [SkippedKey] = []
        for file in try files(in: folders) {
            do { keys.append(try TrustedKey(file: file)) } catch {
                skipped.append(SkippedKey(file: file, error: error))
            }
        }
        return (keys, skipped)
    }

    private static func files(in folders: [FilePath]) throws(SystemError) -> [FilePath] {
        var files: [FilePath] = []
        for folder in folders {
            let names = try Folders.names(of: folder).filter { $0.hasSuffix(".pem") || $0.hasSuffix(".pub") }
            files += names.map { folder.appending($0) }
        }
        return files
    }
}

/// A file among the keys that is no key, and counts for nothing.
package struct SkippedKey: Sendable, CustomStringConvertible {
    /// The file.
    package let file: FilePath
    /// Why it is no key, or why it cannot be read.
    package let error: any Error

    /// A sentence for people.
    package var description: String { "a key file was passed over: \(error)" }
}
