import ImageModel
import JSONText
import PackageModel

extension LockFile {
    /// The file: indented JSON, which is YAML as well; the same lock gives the same bytes.
    package func serialized() -> [UInt8] {
        let text = String(decoding: JSONValue.object(json).serialized(indented: true), as: UTF8.self)
        let escaped = Array(text.unicodeScalars.map(Self.escaped).joined().utf8)
        return Array(escaped.split(separator: 0x0A).map(Self.withExplicitKey).joined(separator: [0x0A])) + [0x0A]
    }

    /// The longest key without a `?` before it, in bytes: YAML 1.2, 7.4.2 allows 1,024 characters, its quotes included.
    ///
    /// Signed addresses of object stores are longer.
    private static let implicitKeyLimit = 1000

    /// A line of JSON, with YAML's mark of a key before one that is too long to do without.
    private static func withExplicitKey(_ line: ArraySlice<UInt8>) -> [UInt8] {
        let member = line.drop { $0 == UInt8(ascii: " ") }
        guard member.first == UInt8(ascii: "\""), let end = endOfText(member),
            end - member.startIndex > implicitKeyLimit,
            end < member.endIndex, member[end] == UInt8(ascii: ":")
        else { return Array(line) }
        return Array(line.prefix(upTo: member.startIndex)) + Array("? ".utf8) + member
    }

    /// Where the text that a line begins with is over, behind its closing quote.
    private static func endOfText(_ line: ArraySlice<UInt8>) -> Int? {
        var place = line.startIndex + 1
        while place < line.endIndex {
            if line[place] == UInt8(ascii: "\"") { return place + 1 }
            place += line[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
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
