import COpenSSL

/// Computes SHA-1 digests, which prove nothing any more, but which SPDX 2.3 wants of every file.
@safe
package struct SHA1Hasher: ~Copyable {
    private static let length = 20
    private let context: OpaquePointer

    /// Begins a stream.
    ///
    /// The corresponding C functions are `EVP_MD_CTX_new` and `EVP_DigestInit_ex`.
    ///
    /// - Throws: `CryptographyError` when OpenSSL has no SHA-1 or no memory.
    package init() throws(CryptographyError) {
        guard OpenSSL.isReady, let context = unsafe EVP_MD_CTX_new() else { throw Self.failure() }
        guard unsafe EVP_DigestInit_ex(context, EVP_sha1(), nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw Self.failure()
        }
        unsafe self.context = unsafe context
    }

    /// Takes the next bytes.
    ///
    /// The corresponding C function is `EVP_DigestUpdate`.
    package mutating func update(_ bytes: Span<UInt8>) throws(CryptographyError) {
        let context = unsafe context
        let status = unsafe bytes.withUnsafeBufferPointer { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        guard status == 1 else { throw Self.failure() }
    }

    /// Returns the 20 bytes of the digest of all bytes taken and begins a new stream.
    ///
    /// The corresponding C function is `EVP_DigestFinal_ex`.
    package mutating func finish() throws(CryptographyError) -> [UInt8] {
        let context = unsafe context
        var bytes = [UInt8](repeating: 0, count: Self.length)
        let status = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
        }
        guard status == 1, unsafe EVP_DigestInit_ex(context, nil, nil) == 1 else { throw Self.failure() }
        return bytes
    }

    private static func failure() -> CryptographyError {
        .library("computing SHA-1", remedy: "Check that libcrypto is complete and memory is free.")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }
}
