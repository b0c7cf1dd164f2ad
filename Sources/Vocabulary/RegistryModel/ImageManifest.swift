import ImageModel
import JSONText

/// Describes an image or artifact by its config and layers (OCI image manifest; Docker's schema 2 is the same).
package struct ImageManifest: Equatable, Sendable {
    /// The largest manifest or index that is read, in bytes: what registries accept at most (distribution
    /// specification, "Pushing manifests").
    package static let maximumLength = 4 << 20
    /// The most layers accepted.
    package static let maximumLayers = 4_096

    /// Its own media type.
    package var mediaType: String
    /// What kind of artifact it is; nil for a container image.
    package var artifactType: String?
    /// The config blob.
    package var config: Descriptor
    /// The layers in order.
    package var layers: [Descriptor]
    /// The manifest that this one is about; nil for none.
    package var subject: Descriptor?
    /// Annotations, by name.
    package var annotations: [String: String]

    /// Describes an OCI image or artifact.
    package init(
        artifactType: String? = nil, config: Descriptor, layers: [Descriptor], annotations: [String: String] = [:]
    ) {
        mediaType = MediaType.manifest
        self.artifactType = artifactType
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }

    /// Whether it is a lifeboot image, not a container.
    package var isLifebootImage: Bool { artifactType == MediaType.image }
}

extension ImageManifest {
    static let operation = "reading an image manifest"
    static let remedy = "Check the reference, or push the image again."

    /// Reads a manifest as it was received.
    ///
    /// - Throws: `RegistryModelError` for bad JSON, anything but an image manifest of schema 2, a document that could also
    ///   be read as an index (CVE-2021-41190), and members of the wrong kind or out of bounds.
    package init(parsing document: ManifestDocument) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: document.bytes, maximum: Self.maximumLength, operation: Self.operation, remedy: Self.remedy)
        mediaType = try reader.checkedType(document.mediaType, among: MediaType.manifests, foreign: ["manifests"])
        config = try Descriptor(try reader.child("config"))
        layers = []
        for child in try reader.children("layers", atMost: Self.maximumLayers) {
            layers.append(try Descriptor(child))
        }
        artifactType = try reader.optionalText("artifactType").flatMap { $0.isEmpty ? nil : $0 }
        if let child = try reader.optionalChild("subject") { subject = try Descriptor(child) }
        annotations = try reader.texts("annotations")
    }

    /// The document's bytes; equal manifests give equal bytes.
    package func serialized() -> [UInt8] {
        var object: JSONObject = ["schemaVersion": 2, "mediaType": .string(mediaType)]
        object["artifactType"] = artifactType.map { .string($0) }
        object["config"] = config.object
        object["layers"] = .array(layers.map(\.object))
        object["subject"] = subject?.object
        object["annotations"] = JSONValue.sorted(annotations)
        return JSONValue.object(object).serialized()
    }
}

extension DocumentReader {
    /// Checks schema and media type of a document and returns the type.
    ///
    /// What the registry says it sent, what the document says it is and what it holds must agree.
    func checkedType(
        _ received: String, among accepted: [String], foreign: [String]
    ) throws(RegistryModelError) -> String {
        guard object["schemaVersion"]?.integer == 2 else { throw fault("schemaVersion", "only version 2 is known") }
        guard accepted.contains(received) else { throw fault("type \(received.quoted) is something else") }
        if let stated = try optionalText("mediaType"), stated != received {
            throw fault("mediaType", "\(stated.quoted), but it was sent as \(received.quoted)")
        }
        for name in foreign where object[name] != nil {
            throw fault(name, "must not be here: the document could be read in two ways")
        }
        return received
    }
}
