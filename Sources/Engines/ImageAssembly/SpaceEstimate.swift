import RegistryModel

/// Estimates how much space it takes to make an image out of layers, before any is fetched.
struct SpaceEstimate: Equatable {
    /// What chunk index, manifest, metadata and rounding take at most beside shares of the size.
    private static let overhead = 16 << 20

    /// Bytes of layers that are not here yet.
    let missing: Int
    /// Bytes of the image.
    let image: Int
    /// Bytes that must be free: while the image grows, layers can go.
    let minimum: Int

    /// Counts, with the bytes of each layer that are here already.
    ///
    /// A squashfs with zstd is about as large as layers with gzip (measured on Debian images: 0.93 to 1.02 times), and what
    /// a layer that is not compressed becomes is at most three fifths. The hash tree takes 1/127, the chunk index 1/900.
    init(layers: [(layer: Descriptor, present: Int)]) {
        let sizes = layers.map { Self.packed($0.layer) }
        missing = layers.reduce(0) { $0 &+ max(0, $1.layer.size - $1.present) }
        let data = sizes.reduce(0, &+)
        image = data &+ data / 64 &+ Self.overhead
        minimum = missing &+ (sizes.max() ?? 0) &+ data / 64 &+ Self.overhead
    }

    /// What a layer becomes in a squashfs.
    private static func packed(_ layer: Descriptor) -> Int {
        let isCompressed = ["gzip", "zstd"].contains { layer.mediaType.hasSuffix($0) }
        return isCompressed ? layer.size / 20 &* 21 : layer.size / 5 &* 3
    }
}
