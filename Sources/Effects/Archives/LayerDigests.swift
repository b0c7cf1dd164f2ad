import Cryptography
package import ImageModel

/// Computes the digests of layers, uncompressed, while they are read for the first time.
package final class LayerDigests {
    private var hasher: BackgroundHasher
    private var current = 0
    private var digests: [Digest] = []
    private let progress: (Int) throws -> Void
    private var done = 0
    /// What ended the reading, if anything did.
    package private(set) var error: (any Error)?

    /// Begins with the first layer.
    ///
    /// - Parameter progress: is told of bytes read; what it throws ends the reading.
    /// - Throws: `CryptographyError` when OpenSSL has no SHA-256 or no memory.
    package init(progress: @escaping (Int) throws -> Void) throws {
        hasher = try BackgroundHasher()
        self.progress = progress
    }

    /// Takes the next bytes of a layer; false ends the reading.
    package func take(_ layer: Int, _ bytes: Span<UInt8>) -> Bool {
        do {
            while current < layer { try finishLayer() }
            try hasher.update(bytes)
            done &+= bytes.count
            try progress(done)
            return true
        } catch {
            self.error = error
            return false
        }
    }

    /// The digests of so many layers, lowest first.
    ///
    /// - Throws: `CryptographyError`.
    package func finish(_ count: Int) throws -> [Digest] {
        while current < count { try finishLayer() }
        return digests
    }

    private func finishLayer() throws {
        digests.append(try hasher.finish())
        current += 1
    }
}
