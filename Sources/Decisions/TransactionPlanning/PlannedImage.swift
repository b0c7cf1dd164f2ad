package import ImageModel
package import JSONText
import Plans

/// The image that a reset or an installation deploys.
package struct PlannedImage: Equatable, Sendable {
    /// Where it comes from: a partition of this machine, or a source that is fetched from.
    package var source: String
    /// Its id; nil when that is known only once it was made out of container layers.
    package var id: ImageID?
    /// The name of its product; nil where nobody gave it one.
    package var name: String?
    /// Name and version.
    package var title: String
    /// Bytes that its files take on a partition.
    package var size: Int64

    /// The name of the folder that it is staged in: the same for the same source, so that a resumption finds it.
    package var staging: String

    /// Describes an image.
    package init(source: String, id: ImageID?, title: String, size: Int64, staging: String) {
        self.source = source
        self.id = id
        self.title = title
        self.size = size
        self.staging = staging
    }

    /// The image for programs.
    package var json: JSONValue {
        [
            "source": .string(source), "id": id.map { .string($0.description) } ?? .null, "title": .string(title),
            "size": .integer(size),
        ]
    }

    /// Name, version and id.
    package var description: String { title + (id.map { " (\($0))" } ?? "") }
}

/// What a step of an upgrade, a reset or an installation gives to later ones.
package enum DeploymentProduct: String, StepProduct {
    case image = "the image that is put in place"
}
