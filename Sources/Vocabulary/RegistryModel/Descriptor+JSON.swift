import ImageModel
import JSONText

extension Descriptor {
    /// The largest size accepted, in bytes: no sum of a few of them overflows.
    static let maximumSize: Int64 = 1 << 52

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
    }

    /// The descriptor as a document holds it; empty members are left out.
    var object: JSONValue {
        var object: JSONObject = [
            "mediaType": .string(mediaType), "digest": .string(digest.registryText), "size": .integer(Int64(size)),
        ]
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
