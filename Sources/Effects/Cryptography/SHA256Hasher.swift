import COpenSSL
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Computes SHA-256 digests, of a stream or of many blocks one after the other.
@safe
package struct SHA256Hasher: ~Copyable {
    /// Bytes read at a time from a descriptor.
    package static let readLength = 1 << 20

    private let context: OpaquePointer

    /// Begins a stream.
    ///
    /// The corresponding C functions are `EVP_MD_CTX_new` and `EVP_DigestInit_ex`.
    ///
    /// - Throws: `CryptographyError` when OpenSSL has no SHA-256 or no memory.
    package init() throws(CryptographyError) {
        guard OpenSSL.isReady, let context = unsafe EVP_MD_CTX_new() else { throw Self.failure() }
        guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
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

    /// Takes the next bytes.
    package mutating func update(_ bytes: [UInt8]) throws(CryptographyError) { try update(bytes.span) }

    /// Returns the digest of all bytes taken and begins a new stream.
    ///
    /// The corresponding C function is
    /// `EVP_DigestFinal_ex`.
    package mutating func finish() throws(CryptographyError) -> Digest {
        var bytes: [UInt8] = []
        try finish(appendingTo: &bytes)
        guard let digest = Digest(bytes: bytes) else { throw Self.failure() }
        return digest
    }

    /// Appends the 32 bytes of the digest of all bytes taken and begins a new stream; for many digests in a row.
    package mutating func finish(appendingTo bytes: inout [UInt8]) throws(CryptographyError) {
        let (context, start) = unsafe (context, bytes.count)
        bytes += repeatElement(0, count: Digest.length)
        let status = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe EVP_DigestFinal_ex(context, buffer.baseAddress?.advanced(by: start), nil)
        }
        guard status == 1, unsafe EVP_DigestInit_ex(context, nil, nil) == 1 else { throw Self.failure() }
    }

    /// Returns the digest of the bytes taken so far and goes on with the stream.
    ///
    /// The corresponding C function is `EVP_MD_CTX_copy_ex`.
    package borrowing func digestSoFar() throws(CryptographyError) -> Digest {
        var copy = try SHA256Hasher()
        guard unsafe EVP_MD_CTX_copy_ex(copy.context, context) == 1 else { throw Self.failure() }
        return try copy.finish()
    }

    private static func failure() -> CryptographyError {
        .library("computing SHA-256", remedy: "Check that libcrypto is complete and memory is free.")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }
}

extension SHA256Hasher {
    /// Returns the digest of some bytes.
    package static func digest(of bytes: [UInt8]) throws(CryptographyError) -> Digest {
        var hasher = try SHA256Hasher()
        try hasher.update(bytes)
        return try hasher.finish()
    }

    /// Reads a descriptor from its position to its end in constant memory; returns the digest and the number of bytes.
    ///
    /// - Throws: `CryptographyError` with the `errno` of `read`, or of OpenSSL.
    package static func digest(
        reading file: FileDescriptor
    ) throws(CryptographyError) -> (digest: Digest, size: Int) {
        var hasher = try SHA256Hasher()
        var buffer = [UInt8](repeating: 0, count: readLength)
        var size = 0
        while true {
            let count = try read(file, into: &buffer)
            if count == 0 { break }
            try hasher.update(buffer.span.extracting(0..<count))
            size += count
        }
        return (try hasher.finish(), size)
    }

    private static func read(_ file: FileDescriptor, into buffer: inout [UInt8]) throws(CryptographyError) -> Int {
        do throws(Errno) { return try FileBlock.read(file, into: &buffer) } catch { throw .reading(error) }
    }
}
