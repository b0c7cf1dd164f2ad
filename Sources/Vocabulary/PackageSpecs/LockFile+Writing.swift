import ImageModel
import JSONText
import PackageModel

extension LockFile {
    /// The file: indented JSON, which is YAML as well; the same lock gives the same bytes.
    package func serialized() -> [UInt8] {
        let text = String(decoding: JSONValue.object(json).serialized(indented: true), as: UTF8.self)
        return Array(text.unicodeScalars.map(Self.escaped).joined().utf8) + [0x0A]
    }

    /// A scalar, escaped where YAML takes it for the end of a line or refuses it although JSON does not.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: return String(Character(scalar))
        }
    }

    private var json: JSONObject {
        var object: JSONObject = ["format": .integer(Int64(SpecDocument.format))]
        if !environment.isEmpty { object["environment"] = .array(environment.sorted().map { .string($0) }) }
        object["images"] = Self.members(images) { ["digest": .string($0.registryText)] }
        object["base"] = base.map { .object($0.json) }
        object["fetches"] = Self.members(fetches) {
            ["sha256": .string($0.digest.registryText), "size": .integer($0.size)]
        }
        object["repositories"] = Self.members(repositories) {
            ["revision": .integer($0.revision), "manifest": .string($0.manifest.registryText)]
        }
        if !packages.isEmpty {
            object["packages"] = .array(packages.sorted { $0.name < $1.name }.map { .object($0.json) })
        }
        return object
    }

    /// A mapping by name in the order of its bytes; nil for an empty one.
    private static func members<Value>(_ values: [String: Value], _ json: (Value) -> JSONObject) -> JSONValue? {
        if values.isEmpty { return nil }
        return .object(
            JSONObject(values.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, .object(json($0.value))) }))
    }
}

extension LockedPackage {
    fileprivate var json: JSONObject {
        var object: JSONObject = [
            "name": .string("\(name)"), "version": .string("\(version)"), "architecture": .string(architecture),
            "repository": .string(repository), "manifest": .string(manifest.registryText),
        ]
        for (key, requests) in [
            ("requires", requires), ("conflicts", conflicts), ("provides", provides),
        ] where !requests.isEmpty {
            object[key] = .array(requests.map { .string("\($0)") })
        }
        return object
    }
}
