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
    /// What is wrong with the files that GRUB loads, one line each; GRUB passes over an image that has any.
    package var bootFaults: [String]
    /// What is wrong besides: the manifest, its signature, the root file.
    package var otherFaults: [String]

    /// Describes an image directory.
    package init(
        id: ImageID, place: FoundImage.Place, title: String?, sequence: Int64 = 0, createdAt: Int64 = 0,
        bootFaults: [String] = [], otherFaults: [String] = []
    ) {
        self.id = id
        self.place = place
        self.title = title
        self.sequence = sequence
        self.createdAt = createdAt
        self.bootFaults = bootFaults
        self.otherFaults = otherFaults
    }

    /// Everything wrong, one line each.
    package var faults: [String] { bootFaults + otherFaults }
    /// Whether nothing is known to be wrong.
    package var isComplete: Bool { faults.isEmpty }

    /// The image as the rebuilding of a boot environment takes it.
    package var found: FoundImage {
        FoundImage(id: id, place: place, sequence: sequence, createdAt: createdAt)
    }
}
