import COpenSSL

/// Opens NaCl's secretbox: XSalsa20 with Poly1305 (Bernstein, "Cryptography in NaCl").
enum SecretBox {
    /// Bytes of a key.
    static let keyLength = 32
    /// Bytes of a nonce.
    static let nonceLength = 24
    private static let tagLength = 16

    /// Decrypts what a key has locked; nil when it has another key or was changed.
    ///
    /// - Throws: `CryptographyError` when OpenSSL has no Poly1305.
    static func open(_ box: [UInt8], nonce: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8]? {
        guard key.count == keyLength, nonce.count == nonceLength, box.count >= tagLength else { return nil }
        let content = Array(box.dropFirst(tagLength))
        let stream = Salsa20.extendedStream(key: key, nonce: nonce, count: keyLength + content.count)
        let tag = try tag(of: content, key: Array(stream.prefix(keyLength)))
        let isEqual = unsafe CRYPTO_memcmp(tag, box, tagLength) == 0
        return isEqual ? zip(content, stream.dropFirst(keyLength)).map { $0 ^ $1 } : nil
    }

    /// The corresponding C function is `EVP_MAC`, with `POLY1305`.
    private static func tag(of content: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let failure = { CryptographyError.library("checking a key", remedy: "Check that libcrypto is complete.") }
        guard OpenSSL.isReady, let mac = unsafe EVP_MAC_fetch(nil, "POLY1305", nil) else { throw failure() }
        defer { unsafe EVP_MAC_free(mac) }
        guard let context = unsafe EVP_MAC_CTX_new(mac) else { throw failure() }
        defer { unsafe EVP_MAC_CTX_free(context) }
        var tag = [UInt8](repeating: 0, count: tagLength)
        var length = 0
        guard unsafe EVP_MAC_init(context, key, key.count, nil) == 1,
            unsafe content.isEmpty || EVP_MAC_update(context, content, content.count) == 1,
            unsafe EVP_MAC_final(context, &tag, &length, tag.count) == 1, length == tagLength
        else { throw failure() }
        return tag
    }
}
