package import JSONText

/// Takes secrets out of text, line by line: passwords and their hashes, keys, tokens, credentials in URLs.
///
/// A report goes to people who must not have them, and nobody reads it through before. So whatever may be one goes, and
/// with it now and then a word that was none.
package struct SecretRemoval {
    /// What stands in a secret's place.
    package static let mark = "[removed]"
    static let markBytes = Array(mark.utf8)
    /// Lines after which a key without an end has ended: four times those of the longest in use.
    private static let keyLineLimit = 400
    /// The longest line that is looked through, in bytes; the kernel's are a twentieth of that.
    private static let lineLimit = 16 * 1024
    /// Lines after which a list of passwords for a command has ended.
    private static let documentLineLimit = 100

    private var open: OpenSecret?
    private var namesSecret = false

    /// What makes the following lines a part of a secret.
    private enum OpenSecret {
        /// A key, for so many lines at most.
        case key(Int)
        /// The value of a key in YAML or JSON: what is indented further.
        case value(column: Int)
        /// What a shell gives a command, up to this line.
        case document(end: [UInt8], Int)
    }

    /// Begins with a text.
    package init() {}

    /// Takes them out of a whole text.
    package static func text(_ bytes: [UInt8]) -> [UInt8] {
        var removal = SecretRemoval()
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { removal.line(Array($0)) }
        return Array(lines.joined(separator: [0x0A]))
    }

    /// Takes them out of the next line, which comes without its line feed.
    package mutating func line(_ line: [UInt8]) -> [UInt8] {
        if let covered = covered(line) { return covered }
        guard line.count <= Self.lineLimit else {
            return Self.markBytes + Array(": \(line.count) bytes in one line".utf8)
        }
        if let end = SecretCommands.document(line) { open = .document(end: end, Self.documentLineLimit) }
        if SecretCommands.takeSecrets(line) { return Self.markBytes + Array(": a command with a secret".utf8) }
        var values = SecretValues(withoutKeys(line), namesSecret: namesSecret)
        values.run()
        if !line.allSatisfy({ $0 == 0x20 }) { namesSecret = values.namesSecret }
        if let column = values.openColumn, open == nil { open = .value(column: column) }
        return SecretShapes.removed(from: values.output)
    }

    /// The line as a part of a secret that began before; nil when it is none.
    private mutating func covered(_ line: [UInt8]) -> [UInt8]? {
        let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 }
        let mark = indentation + Self.markBytes
        switch open {
        case nil: return nil
        case .key(let left):
            open = left > 1 && PEMText.end(in: line, from: 0) == nil ? .key(left - 1) : nil
            return Array(mark)
        case .document(let end, let left):
            let text = line.dropFirst(indentation.count)
            guard left > 0, !text.elementsEqual(end) else {
                open = nil
                return line
            }
            open = .document(end: end, left - 1)
            return Array(mark)
        case .value(let column):
            if indentation.count == line.count { return line }
            let isItem = line[indentation.endIndex] == UInt8(ascii: "-")
            guard indentation.count > column || indentation.count == column && isItem else {
                open = nil
                return nil
            }
            return Array(mark)
        }
    }

    /// The line without keys in PEM; one that does not end here is open.
    private mutating func withoutKeys(_ line: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var position = 0
        while let start = PEMText.secret(in: line, from: position) {
            output += line[position..<start] + Self.markBytes
            guard let end = PEMText.end(in: line, from: start) else {
                open = .key(Self.keyLineLimit)
                return output
            }
            position = end
        }
        return output + line[position...]
    }
}

extension SecretRemoval {
    /// Takes them out of a document, which stays one.
    package static func json(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(string(text))
        case .array(let elements): .array(elements.map(json))
        case .object(let object): .object(members(object))
        }
    }

    private static func members(_ object: JSONObject) -> JSONObject {
        let name = object["name"]?.text ?? object["key"]?.text
        let namesSecret = name.map { SecretNames.isSecret(Array($0.utf8)[...]) } ?? false
        return JSONObject(
            object.members.map { member in
                let isSecret =
                    SecretNames.isSecret(Array(member.name.utf8)[...]) || namesSecret && member.name == "value"
                return .init(member.name, isSecret ? hidden(member.value) : json(member.value))
            })
    }

    /// What says whether there is one stays.
    private static func hidden(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool: value
        case .string(""): value
        case .integer, .number, .string, .array, .object: .string(mark)
        }
    }

    private static func string(_ string: String) -> String {
        String(decoding: text(Array(string.utf8)), as: UTF8.self)
    }
}

/// Finds keys in the form of RFC 7468, wherever they stand in a line.
enum PEMText {
    private static let opening = Array("-----BEGIN ".utf8)
    private static let closing = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)
    private static let open = ["CERTIFICATE", "PUBLIC KEY", "SIGNATURE"].map { Array($0.utf8) }

    /// Where something begins that is not known to be for everybody.
    static func secret(in line: [UInt8], from: Int) -> Int? {
        var place = from
        while let start = line.place(of: opening, from: place) {
            let label = start + opening.count
            let end = line.place(of: dashes, from: label) ?? line.count
            let text = Array(line[label..<end])
            if !open.contains(where: { text.place(of: $0, from: 0) != nil }) { return start }
            place = end
        }
        return nil
    }

    /// Where it has ended.
    static func end(in line: [UInt8], from: Int) -> Int? {
        guard let start = line.place(of: closing, from: from) else { return nil }
        return line.place(of: dashes, from: start + closing.count).map { $0 + dashes.count } ?? line.count
    }
}

extension [UInt8] {
    /// Where a text begins for the first time.
    func place(of text: [UInt8], from: Int) -> Int? {
        guard let first = text.first, count >= text.count else { return nil }
        var place = from
        while place <= count - text.count {
            if self[place] == first, self[place..<(place + text.count)].elementsEqual(text) { return place }
            place += 1
        }
        return nil
    }

    /// The same with small letters of ASCII.
    var lowercased: [UInt8] { map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 } }
}
