import JSONText

extension Manifest {
    /// The text of `manifest.json`.
    ///
    /// Known fields come in a fixed order (or where `document` has them), unknown ones are kept; the text is indented and
    /// ends with a line feed. Equal manifests give equal bytes.
    package func serialized() -> [UInt8] {
        var object = document
        for member in identity.members + files.members { object[member.name] = member.value }
        object["kernelArguments"] = .array(kernelArguments.map { .string($0) })
        object["source"] = merged("source", source.map { ["sha256": .string($0.hex)] })
        object["sbom"] = merged("sbom", sbom.map { ["sha256": .string($0.hex)] })
        object["boards"] = .array(boards.map { .string($0) })
        object["minimumAgent"] = minimumAgent.map { .string($0.description) }
        return JSONValue.object(object).serialized(indented: true) + [0x0A]
    }

    private var identity: JSONObject {
        [
            "schema": .string(schema), "name": .string(name), "version": .string(version),
            "sequence": .integer(sequence), "createdAt": .string(createdAt.description),
            "architecture": .string(architecture),
            "osRelease": .object(JSONObject(osRelease.map { JSONObject.Member($0.name, .string($0.value)) })),
        ]
    }

    private var files: JSONObject {
        var object: JSONObject = [:]
        object["root"] = merged("root", rootObject)
        object["kernel"] = merged("kernel", kernel.object)
        object["initrd"] = merged("initrd", initrd.object)
        object["chunks"] = merged("chunks", chunks?.object)
        return object
    }

    private var rootObject: JSONObject {
        let verity: JSONObject = [
            "rootHash": .string(Hexadecimal.text(of: root.verity.rootHash)),
            "salt": .string(Hexadecimal.text(of: root.verity.salt)),
            "hashOffset": .integer(Int64(root.verity.hashOffset)),
            "dataBlockSize": .integer(Int64(root.verity.dataBlockSize)),
            "hashBlockSize": .integer(Int64(root.verity.hashBlockSize)),
            "algorithm": .string(root.verity.algorithm), "uuid": .string(root.verity.uuid),
        ]
        let kept = document["root"]?["verity"]?.object ?? [:]
        var object = File(size: root.size, sha256: root.sha256).object
        object["verity"] = .object(Self.merge(verity, into: kept))
        return Self.merge(object, into: ["format": .string(root.format)])
    }

    /// The object over what the document holds under that name; nil stays nil.
    private func merged(_ name: String, _ object: JSONObject?) -> JSONValue? {
        object.map { .object(Self.merge($0, into: document[name]?.object ?? [:])) }
    }

    private static func merge(_ object: JSONObject, into base: JSONObject) -> JSONObject {
        var result = base
        for member in object.members { result[member.name] = member.value }
        return result
    }
}

extension Manifest.File {
    var object: JSONObject { ["size": .integer(Int64(size)), "sha256": .string(sha256.hex)] }
}
