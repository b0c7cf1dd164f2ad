import Faults
import ImageModel

/// Says whether an image fits into the partitions of its machines, with those that lie beside it while it is replaced.
struct ImageFit {
    /// How many images a partition holds at most: the old recovery and the new one; active, passive and what is coming.
    private static let images: [(partition: String, count: Int64)] = [("recovery", 2), ("state", 3)]

    private let sizes: [String: Int64]

    /// Takes the bytes of partitions by their names; what is not named has room.
    init(_ sizes: [String: Int64]) { self.sizes = sizes }

    /// Refuses an image that is too large.
    ///
    /// - Throws: `ImageBuildError` with how much is missing.
    func check(_ manifest: Manifest) throws {
        let files = [manifest.kernel.size, manifest.initrd.size, manifest.root.size]
        let size = files.reduce(Int64(0)) { $0 + Int64($1) }
        for (partition, count) in Self.images {
            guard let room = sizes[partition], size.multipliedReportingOverflow(by: count).partialValue > room else {
                continue
            }
            throw ImageBuildError(
                "checking", "the size of the image",
                "\(count) of \(size) bytes do not fit into \(room) of the partition \(partition), where so many lie at a time",
                remedy: "Leave something out of the image, or say a larger partition in 'sizes'.")
        }
    }
}
