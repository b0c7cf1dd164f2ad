package import GrubEnvironment
package import ImageModel

/// An image directory as it is found on a partition.
package struct StoredImage: Equatable, Sendable {
    /// The image, by the name of its directory.
    package var id: ImageID
    /// The partition.
    package var place: FoundImage.Place
    /// The manifest's name and version, such as `debian 12.5`; nil when it cannot be read.
    package var title: String?
    /// The manifest's sequence; 0 when it cannot be read.
    package var sequence: Int64
    /// The manifest's time of creation, in seconds since 1970; 0 when it cannot be read.
    package var createdAt: Int64
    /// What is wrong with its files, one line each: missing, of another size, unreadable.
    package var faults: [String]

    /// Describes an image directory.
    package init(
        id: ImageID, place: FoundImage.Place, title: String?, sequence: Int64 = 0, createdAt: Int64 = 0,
        faults: [String] = []
    ) {
        self.id = id
        self.place = place
        self.title = title
        self.sequence = sequence
        self.createdAt = createdAt
        self.faults = faults
    }

    /// The image as the rebuilding of a boot environment takes it.
    package var found: FoundImage {
        FoundImage(id: id, place: place, sequence: sequence, createdAt: createdAt)
    }
}
