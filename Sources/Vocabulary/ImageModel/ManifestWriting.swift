import JSONText

extension Manifest {
    /// The text of `manifest.json`.
    ///
    /// Known fields come in a fixed order (or where `document` has them), unknown ones are kept; the text is indented and
    /// ends with a line feed. Equal manifests give equal bytes.
    package func serialized() -> [UInt8] {
        var object = document
        for member in identity.members + files.members { object[member.name] = member.value }
        if !patches.isEmpty || document["patches"] != nil { object["patches"] = .array(patches.map(\.value)) }
        object["kernelArguments"] = .array(kernelArguments.map { .string($0) })
        object["source"] = merged("source", source.map { ["sha256": .string($0.hex)] })
        object["sbom"] = merged("sbom", sbom.map { ["sha256": .string($0.hex)] })
        object["provenance"] = merged("provenance", provenance.map { ["sha256": .string($0.hex)] })
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

/// Says which texts a manifest may hold; the builder checks its options with the same rules.
package enum ManifestText {
    /// The longest list of kernel arguments in bytes, joined by spaces: what fits a GRUB environment block of 1,024 bytes
    /// beside its header and the variable's name.
    package static let maximumKernelArguments = 900

    /// Says whether a text is a name: 1 to 64 letters, digits, `.`, `_`, `-`, not beginning with `.` or `-`.
    package static func isName(_ text: String) -> Bool { isWord(text, maximum: 64, besides: "._-") }

    /// Says whether a text is a version: 1 to 128 characters as in a name, and `+`, `~`, `:`.
    package static func isVersion(_ text: String) -> Bool { isWord(text, maximum: 128, besides: "._-+~:") }

    /// Says whether a text is one kernel argument: printable ASCII without space, quotes, `\` and `$`.
    package static func isKernelArgument(_ text: String) -> Bool {
        let refused = Array("\"'\\$ ".utf8)
        return !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !refused.contains($0) }
    }

    /// Says whether a text is a UUID: 36 characters, lower case.
    package static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return false }
        return Hexadecimal.bytes(of: parts.joined()) != nil
    }

    /// Says whether a text is the name of an os-release field: capital letters, digits and `_` (os-release(5)).
    package static func isFieldName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }

    private static func isWord(_ text: String, maximum: Int, besides: String) -> Bool {
        guard (1...maximum).contains(text.utf8.count), !text.hasPrefix("."), !text.hasPrefix("-") else { return false }
        let others = Array(besides.utf8)
        return text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || others.contains($0)
        }
    }
}

extension Manifest.Patch {
    fileprivate var value: JSONValue {
        var object = file.object
        object["base"] = .string(base.hex)
        object["first"] = .integer(Int64(first))
        object["last"] = .integer(Int64(last))
        object["covers"] = .integer(Int64(covers))
        return .object(object)
    }
}
