import Faults
import ImageModel
import JSONText

/// Lists manifests under one name, one a platform or kind (OCI image index; Docker's manifest list is the same).
package struct ImageIndex: Equatable, Sendable {
    /// The most entries accepted.
    package static let maximumEntries = 1_024
    /// The most entries accepted in the index of a layout, which may hold a whole repository of packages.
    package static let maximumLayoutEntries = 1 << 18
    /// The largest index of a layout that is read then, in bytes.
    package static let maximumLayoutLength = 64 << 20

    /// Its own media type.
    package var mediaType: String
    /// What kind of artifact it is; nil for none.
    package var artifactType: String?
    /// The entries in order.
    package var manifests: [Descriptor]
    /// Annotations, by name.
    package var annotations: [String: String]

    /// Lists manifests.
    package init(manifests: [Descriptor], annotations: [String: String] = [:]) {
        mediaType = MediaType.index
        self.manifests = manifests
        self.annotations = annotations
    }

    /// Reads an index as it was received.
    ///
    /// - Throws: `RegistryModelError` for bad JSON, anything but an index of schema 2, a document that could also be read
    ///   as a manifest (CVE-2021-41190), and members of the wrong kind or out of bounds.
    package init(parsing document: ManifestDocument) throws(RegistryModelError) {
        try self.init(
            parsing: document, maximumLength: ImageManifest.maximumLength, maximumEntries: Self.maximumEntries)
    }

    /// Reads the index of a layout, which may hold a whole repository of packages.
    ///
    /// - Throws: `RegistryModelError`, as for another index, with other bounds.
    package init(layout document: ManifestDocument) throws(RegistryModelError) {
        try self.init(
            parsing: document, maximumLength: Self.maximumLayoutLength, maximumEntries: Self.maximumLayoutEntries)
    }

    private init(
        parsing document: ManifestDocument, maximumLength: Int, maximumEntries: Int
    ) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: document.bytes, maximum: maximumLength, operation: "reading an image index",
            remedy: ImageManifest.remedy)
        mediaType = try reader.checkedType(
            document.mediaType, among: MediaType.indices, foreign: ["config", "layers"])
        artifactType = try reader.optionalText("artifactType").flatMap { $0.isEmpty ? nil : $0 }
        manifests = []
        for child in try reader.children("manifests", atMost: maximumEntries) {
            manifests.append(try Descriptor(child))
        }
        annotations = try reader.texts("annotations")
    }

    /// The document's bytes; equal indices give equal bytes.
    package func serialized() -> [UInt8] {
        var object: JSONObject = ["schemaVersion": 2, "mediaType": .string(mediaType)]
        object["artifactType"] = artifactType.map { .string($0) }
        object["manifests"] = .array(manifests.map(\.object))
        object["annotations"] = JSONValue.sorted(annotations)
        return JSONValue.object(object).serialized()
    }
}

extension ImageIndex {
    /// Which entry a machine takes.
    package enum Choice: Equatable, Sendable {
        /// A lifeboot image.
        case artifact(Descriptor)
        /// A container image.
        case container(Descriptor)
        /// Nothing fits; the platforms that there are, as `linux/arm64`.
        case nothing(available: [String])
    }

    /// Chooses for a machine: the first lifeboot image for its architecture, or for none in particular; else the first
    /// container image for `linux` on its architecture.
    ///
    /// - Parameter architecture: as OCI and Debian spell it, `amd64`.
    package func choice(architecture: String) -> Choice {
        let single = manifests.filter { MediaType.manifests.contains($0.mediaType) }
        let artifacts = single.filter { $0.artifactType == MediaType.image }
        if let exact = artifacts.first(where: { $0.architecture == architecture }) { return .artifact(exact) }
        if let general = artifacts.first(where: { $0.architecture == nil }) { return .artifact(general) }
        if let container = container(architecture: architecture) { return .container(container) }
        return .nothing(available: manifests.map(\.platform))
    }

    /// The first container image for `linux` on an architecture, also where a lifeboot image is listed beside it.
    package func container(architecture: String) -> Descriptor? {
        manifests.first {
            MediaType.manifests.contains($0.mediaType) && $0.artifactType == nil && $0.operatingSystem == "linux"
                && $0.architecture == architecture
        }
    }
}

extension Descriptor {
    /// The platform for a message: `linux/arm64`, or the artifact's type, or `unknown`.
    fileprivate var platform: String {
        let kind = artifactType == MediaType.image ? "lifeboot" : operatingSystem ?? "unknown"
        return architecture.map { "\(kind)/\($0)" } ?? artifactType ?? kind
    }
}

/// A document that a reference resolved to.
package enum RegistryDocument: Equatable, Sendable {
    /// One image or artifact.
    case manifest(ImageManifest)
    /// A list of them.
    case index(ImageIndex)

    /// Reads either kind as it was received.
    ///
    /// - Throws: `RegistryModelError` for every other media type, Docker's schema 1 among them, and for a malformed document.
    package init(parsing document: ManifestDocument) throws(RegistryModelError) {
        if MediaType.indices.contains(document.mediaType) {
            self = .index(try ImageIndex(parsing: document))
        } else if MediaType.manifests.contains(document.mediaType) {
            self = .manifest(try ImageManifest(parsing: document))
        } else {
            throw RegistryModelError(
                .document, "reading a document of the registry", document.digest.registryText,
                cause: "its type \(document.mediaType.quoted) is neither a manifest nor an index",
                remedy: "Push the image in OCI format or Docker's schema 2.")
        }
    }
}
