import COpenSSL

/// Owns an `EVP_PKEY` that is known to be EC P-256.
@safe
struct KeyHandle: ~Copyable {
    let key: OpaquePointer

    /// Takes ownership, frees what it refuses.
    ///
    /// - Throws: `CryptographyError` when there is no key (OpenSSL's reason) or it is of another kind.
    init(owning key: OpaquePointer?, _ operation: String) throws(CryptographyError) {
        guard let key = unsafe key else {
            throw .library(operation, remedy: "Check that the file is a PEM key without passphrase.")
        }
        if let other = unsafe Self.otherKind(key) {
            unsafe EVP_PKEY_free(key)
            throw .foreignKey(operation, other)
        }
        unsafe self.key = unsafe key
    }

    /// Names the kind of a key that is not EC P-256; nil for one that is.
    private static func otherKind(_ key: OpaquePointer) -> String? {
        guard unsafe EVP_PKEY_is_a(key, "EC") == 1 else { return "not an EC key" }
        let group = unsafe parameter("group", of: key)
        guard group == "prime256v1" else { return "curve \(group)" }
        // Explicit parameters are recognised as the curve they equal, but RFC 5480 forbids them.
        return unsafe parameter("encoding", of: key) == "named_curve" ? nil : "explicit curve parameters"
    }

    /// A text parameter of the key (`OSSL_PKEY_PARAM_…`, EVP_PKEY-EC(7)); `unknown` when there is none.
    private static func parameter(_ name: String, of key: OpaquePointer) -> String {
        var value = [UInt8](repeating: 0, count: 80)
        var length = 0
        let status = unsafe value.withUnsafeMutableBytes {
            unsafe EVP_PKEY_get_utf8_string_param(
                key, name, $0.bindMemory(to: CChar.self).baseAddress, 80, &length)
        }
        guard status == 1, length <= value.count else {
            ERR_clear_error()
            return "unknown"
        }
        return String(decoding: value.prefix(length), as: UTF8.self)
    }

    deinit { unsafe EVP_PKEY_free(key) }
}

/// Owns a memory BIO: the form in which OpenSSL reads and writes PEM.
@safe
struct MemoryBuffer: ~Copyable {
    let bio: OpaquePointer

    /// Makes an empty buffer, or one that holds some bytes.
    ///
    /// The corresponding C functions are `BIO_new` and `BIO_write`.
    init(holding bytes: [UInt8] = []) throws(CryptographyError) {
        guard OpenSSL.isReady, let bio = unsafe BIO_new(BIO_s_mem()) else { throw Self.failure() }
        guard unsafe bytes.isEmpty || BIO_write(bio, bytes, Int32(clamping: bytes.count)) == bytes.count else {
            unsafe BIO_free(bio)
            throw Self.failure()
        }
        unsafe self.bio = unsafe bio
    }

    /// Takes everything out.
    ///
    /// The corresponding C function is `BIO_read`.
    borrowing func contents() -> [UInt8] {
        var contents: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe BIO_read(bio, &part, Int32(part.count))
            guard count > 0 else { return contents }
            contents += part.prefix(Int(count))
        }
    }

    private static func failure() -> CryptographyError {
        .library("allocating memory for a key", remedy: "Check that memory is free.")
    }

    deinit { unsafe BIO_free(bio) }
}
