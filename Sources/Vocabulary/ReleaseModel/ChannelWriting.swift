import ImageModel
package import JSONText

extension ChannelDocument {
    /// Writes the document, indented, with the unknown members that it was read with and a final line feed.
    package func serialized() -> [UInt8] { json.serialized(indented: true) + [0x0A] }

    /// The document as JSON.
    package var json: JSONValue {
        var object = document
        object["format"] = .integer(Self.format)
        object["name"] = .string(name)
        object["issued"] = .string(issued.description)
        object["expires"] = .string(expires.description)
        object["releases"] = .array(releases.map(\.json))
        return .object(object)
    }
}

extension ChannelRelease {
    /// The release as JSON; what has its default is left out.
    package var json: JSONValue {
        var object: JSONObject = [
            "version": .string(version), "sequence": .integer(sequence), "digest": .string(digest.registryText),
        ]
        object["reference"] = reference.map { .string($0) }
        object["notes"] = notes.map { .string($0) }
        if rollout != 100 { object["rollout"] = .integer(Int64(rollout)) }
        object["minimum"] = minimumSequence.map { .integer($0) }
        if isCritical { object["critical"] = true }
        return .object(object)
    }
}
