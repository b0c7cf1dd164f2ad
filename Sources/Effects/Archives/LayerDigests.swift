import Cryptography
package import ImageModel

/// Computes the digests of layers, uncompressed, while they are read, one after the other in any order.
package final class LayerDigests {
    private var hasher: BackgroundHasher
    private var current: Int?
    private var digests: [Int: Digest] = [:]
    private let progress: (Int) throws -> Void
    private var done = 0
    /// What ended the reading, if anything did.
    package private(set) var error: (any Error)?

    /// Begins before the first layer.
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
            if current != layer { try finishLayer() }
            current = layer
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
        try finishLayer()
        // A layer without a byte was never seen.
        let empty = try hasher.finish()
        return (0..<count).map { digests[$0] ?? empty }
    }

    private func finishLayer() throws {
        guard let layer = current.take() else { return }
        digests[layer] = try hasher.finish()
    }
}
