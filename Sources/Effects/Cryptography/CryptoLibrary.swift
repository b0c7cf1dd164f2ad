import COpenSSL

/// Says which libcrypto is linked.
package enum CryptoLibrary {
    /// The version, as `OpenSSL 3.0.15 3 Sep 2024`.
    ///
    /// The corresponding C function is `OpenSSL_version`.
    package static var version: String {
        unsafe OpenSSL_version(OPENSSL_VERSION).map { unsafe String(cString: $0) } ?? "unknown"
    }
}
