package import ImageModel
import JSONText

/// Points at a blob by digest and size (OCI image specification, "Content Descriptors").
package struct Descriptor: Hashable, Sendable {
    /// Media type of the content.
    package var mediaType: String
    /// SHA-256 of the content; other algorithms are refused when parsing.
    package var digest: Digest
    /// Size of the content in bytes, at least 0.
    package var size: Int
    /// Type of the artifact that a manifest describes; nil for images and blobs.
    package var artifactType: String?
    /// Machine type in OCI's spelling (`amd64`); nil when the descriptor names no platform.
    package var architecture: String?
    /// Operating system in OCI's spelling (`linux`); nil when the descriptor names no platform.
    package var operatingSystem: String?
    /// Annotations, by name.
    package var annotations: [String: String] = [:]
    /// The content itself, for what is so short that asking for it costs more (`data`); whoever uses it checks the digest.
    package var content: [UInt8]?

    /// Describes a blob; what has a default can be set afterwards.
    package init(mediaType: String, digest: Digest, size: Int) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }

    /// The file name that a layer of an artifact carries; nil when it carries none.
    package var title: String? { annotations[MediaType.title] }
}

extension Descriptor {
    /// The largest size accepted, in bytes: no sum of a few of them overflows.
    static let maximumSize: Int64 = 1 << 52
    /// The longest content that a document may hold for a descriptor, in characters of base64.
    private static let maximumContent = 64 << 10

    /// Takes a descriptor from a document.
    init(_ reader: DocumentReader) throws(RegistryModelError) {
        self.init(
            mediaType: try reader.text("mediaType"), digest: try reader.digest("digest"),
            size: Int(try reader.integer("size", in: 0...Self.maximumSize)))
        artifactType = try reader.optionalText("artifactType").flatMap { $0.isEmpty ? nil : $0 }
        let platform = try reader.optionalChild("platform")
        architecture = try platform?.optionalText("architecture")
        operatingSystem = try platform?.optionalText("os")
        annotations = try reader.texts("annotations")
        content = try reader.optionalText("data").flatMap { text in
            text.utf8.count <= Self.maximumContent ? Base64.decode(text.utf8) : nil
        }
    }

    /// The descriptor as a document holds it; empty members are left out.
    var object: JSONValue {
        var object: JSONObject = [
            "mediaType": .string(mediaType), "digest": .string(digest.registryText), "size": .integer(Int64(size)),
        ]
        object["data"] = content.map { .string(Base64.encode($0)) }
        object["artifactType"] = artifactType.map { .string($0) }
        if architecture != nil || operatingSystem != nil {
            var platform: JSONObject = [:]
            platform["architecture"] = architecture.map { .string($0) }
            platform["os"] = operatingSystem.map { .string($0) }
            object["platform"] = .object(platform)
        }
        object["annotations"] = JSONValue.sorted(annotations)
        return .object(object)
    }
}

extension JSONValue {
    /// An object of strings in the order of their names, so that equal values give equal bytes; nil for none.
    static func sorted(_ texts: [String: String]) -> JSONValue? {
        guard !texts.isEmpty else { return nil }
        let names = texts.keys.sorted()
        return .object(JSONObject(names.compactMap { name in texts[name].map { .init(name, .string($0)) } }))
    }
}
