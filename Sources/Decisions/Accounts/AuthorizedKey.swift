import ImageModel

/// Holds one line of `authorized_keys` (sshd(8)): perhaps options, a type, the key in base64, perhaps a comment.
package struct AuthorizedKey: Equatable, Sendable {
    /// The most bytes of a line that is read: what sshd takes.
    private static let longestLine = 8192

    /// The type, as `ssh-ed25519`.
    package let type: String
    /// The key's bytes; they begin with the type once more.
    package let blob: [UInt8]
    /// The line as it is written, without white space around it.
    package let line: String

    /// Reads a line.
    ///
    /// - Throws: when it has no key, or one that is damaged.
    package init(_ text: some StringProtocol) throws(AccountError) {
        let line = AccountName.trimmed(Array(text.utf8)[...])
        if line.count > Self.longestLine { throw .key("the line has more than \(Self.longestLine) bytes") }
        if line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            throw .key("the line has a control character")
        }
        // Behind the sign there may be a key that is turned off.
        if line.first == UInt8(ascii: "#") { throw .key("the line is a comment") }
        self.line = String(decoding: line, as: UTF8.self)
        switch (Self.key(in: line), Self.key(in: Self.withoutOptions(line))) {
        case (.success(let key), _), (_, .success(let key)): (type, blob) = key
        case (.failure(let first), .failure(let second)):
            // The reason that tells more is that of the words which look like a key.
            throw .key(second.isAboutKey && !first.isAboutKey ? second.description : first.description)
        }
    }

    /// Says whether both are the same key, whatever their options and comments are.
    package func isSameKey(as other: AuthorizedKey) -> Bool { type == other.type && blob == other.blob }
}

/// Says why words are no key.
private enum KeyFlaw: Error, CustomStringConvertible {
    case words
    case base64
    case otherType(String)
    case cut

    /// Whether the words have at least the form of a key.
    var isAboutKey: Bool { if case .words = self { false } else { true } }

    var description: String {
        switch self {
        case .words: "it has no type that is followed by a key"
        case .base64: "the key is not base64; it may be cut off"
        case .otherType(let type): "the key inside is not of the type \(type)"
        case .cut: "the key is cut off"
        }
    }
}

extension AuthorizedKey {
    /// Reads the type and the key at the beginning of a line.
    private static func key(in line: ArraySlice<UInt8>) -> Result<(String, [UInt8]), KeyFlaw> {
        let type = line.prefix { !AccountName.isBlank($0) }
        let text = AccountName.trimmed(line.dropFirst(type.count)).prefix { !AccountName.isBlank($0) }
        guard !type.isEmpty, !text.isEmpty, type.allSatisfy(isTypeByte) else { return .failure(.words) }
        let name = String(decoding: type, as: UTF8.self)
        guard name.hasPrefix("ssh-") || name.hasPrefix("ecdsa-") || name.hasPrefix("sk-") else {
            return .failure(.words)
        }
        guard let blob = Base64.decode(text) else { return .failure(.base64) }
        guard let fields = fields(of: blob), let first = fields.first else { return .failure(.cut) }
        guard first.elementsEqual(type) else { return .failure(.otherType(name)) }
        return .success((name, blob))
    }

    /// The parts of a key, each with its length before it in four bytes (RFC 4251 section 5); nil when one is cut.
    ///
    /// A certificate has numbers between its parts, so only its first one is read.
    private static func fields(of blob: [UInt8]) -> [ArraySlice<UInt8>]? {
        var fields: [ArraySlice<UInt8>] = []
        var rest = blob[...]
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { return nil }
            fields.append(rest.prefix(length))
            rest = rest.dropFirst(length)
            if fields.count == 1, isCertificate(fields[0]) { return fields }
        }
        return fields.count > 1 ? fields : nil
    }

    private static func isCertificate(_ type: ArraySlice<UInt8>) -> Bool {
        type.suffix(21).elementsEqual("-cert-v01@openssh.com".utf8)
    }

    /// What is behind the options, which end at the first blank outside of quotation marks.
    private static func withoutOptions(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var isQuoted = false
        var place = line.startIndex
        while place < line.endIndex, isQuoted || !AccountName.isBlank(line[place]) {
            if line[place] == UInt8(ascii: "\\"), place + 1 < line.endIndex, line[place + 1] == UInt8(ascii: "\"") {
                place += 1
            } else if line[place] == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
            place += 1
        }
        return AccountName.trimmed(line[min(place, line.endIndex)...])
    }

    private static func isTypeByte(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") }
}
