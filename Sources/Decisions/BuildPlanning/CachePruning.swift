package import ImageModel

/// Decides what a cache gives up to become small enough: what was used longest ago.
package struct CachePruning: Equatable, Sendable {
    /// A blob of the cache, or an image that is kept in a store, by its key.
    package struct Blob: Equatable, Sendable {
        /// Its name.
        package var digest: Digest
        /// Its bytes.
        package var size: Int64
        /// When it was last used, in seconds since 1970.
        package var lastUse: Int64

        /// Describes a blob.
        package init(_ digest: Digest, size: Int64, lastUse: Int64) {
            self.digest = digest
            self.size = size
            self.lastUse = lastUse
        }
    }

    /// The blobs that go, those used longest ago first.
    package private(set) var removed: [Blob] = []
    /// The bytes of what stays.
    package private(set) var size: Int64

    /// Decides.
    ///
    /// - Parameter limit: bytes that may stay.
    package init(_ blobs: [Blob], limit: Int64) {
        size = blobs.reduce(0) { $0 + $1.size }
        let oldest = blobs.sorted { ($0.lastUse, $0.digest.hex) < ($1.lastUse, $1.digest.hex) }
        for blob in oldest where size > limit && blob.size > 0 {
            removed.append(blob)
            size -= blob.size
        }
    }
}
