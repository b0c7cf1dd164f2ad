import COpenSSL

/// SHA-512 of the system's OpenSSL, which is fast in a test that is not optimised.
func openSSLDigest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 64)
    SHA512(bytes, bytes.count, &digest)
    return digest
}
