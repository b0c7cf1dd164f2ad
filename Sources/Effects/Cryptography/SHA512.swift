import COpenSSL

/// Hashes with SHA-512 (FIPS 180-4), for passwords.
package enum SHA512 {
    /// The 64 bytes of a digest; empty only when the library has no SHA-512, which no password's hash then matches.
    ///
    /// The corresponding C function is `EVP_Digest`.
    package static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        let status = unsafe bytes.withUnsafeBytes { input in
            unsafe EVP_Digest(input.baseAddress, input.count, &digest, nil, EVP_sha512(), nil)
        }
        return status == 1 ? digest : []
    }
}
