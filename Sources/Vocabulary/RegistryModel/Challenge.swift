import Faults

/// What a server asks for with a 401: one challenge of `WWW-Authenticate` (RFC 9110 11.6.1).
package struct Challenge: Equatable, Sendable {
    /// The longest header that is read, in bytes.
    package static let maximumLength = 8_192

    /// The scheme in lower case: `bearer`, `basic`.
    package var scheme: String
    /// The parameters by lower-case name, unquoted: `realm`, `service`, `scope`, `error`.
    package var parameters: [String: String]

    /// Describes a challenge.
    package init(scheme: String, parameters: [String: String] = [:]) {
        self.scheme = scheme
        self.parameters = parameters
    }

    /// Reads the challenges of one header, in order.
    ///
    /// - Throws: `RegistryModelError` for what is no list of challenges, or longer than `maximumLength`.
    package static func list(parsing header: String) throws(RegistryModelError) -> [Challenge] {
        guard header.utf8.count <= maximumLength else {
            throw ChallengeParser.fault("longer than \(maximumLength) bytes")
        }
        var parser = ChallengeParser(bytes: Array(header.utf8))
        return try parser.challenges()
    }
}

/// Reads a header from left to right.
private struct ChallengeParser {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    static func fault(_ cause: String) -> RegistryModelError {
        RegistryModelError(
            .header, "reading the header", "WWW-Authenticate", cause: cause,
            remedy: "Check that the address is a registry's and that no proxy answers in its place.")
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func challenges() throws(RegistryModelError) -> [Challenge] {
        var result: [Challenge] = []
        skip(spaceAndCommas: true)
        while next != nil {
            let word = token()
            guard !word.isEmpty else { throw Self.fault("expected a word at byte \(position)") }
            skip(spaceAndCommas: false)
            if next == UInt8(ascii: "="), var last = result.popLast() {
                try parameter(word, of: &last)
                result.append(last)
            } else {
                result.append(Challenge(scheme: word))
                skipToken68()
            }
            skip(spaceAndCommas: true)
        }
        return result
    }

    private mutating func skip(spaceAndCommas: Bool) {
        while let byte = next, byte == 0x20 || byte == 0x09 || (spaceAndCommas && byte == UInt8(ascii: ",")) {
            position += 1
        }
    }

    /// Takes a token in lower case; empty when there is none.
    private mutating func token() -> String {
        let others = Array("!#$%&'*+-.^_`|~".utf8)
        let start = position
        while let byte = next, isDigit(byte) || isLowerCase(byte) || isUpperCase(byte) || others.contains(byte) {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    }

    /// Passes the single unnamed parameter that some schemes have (`Negotiate abc==`); nobody here answers those.
    private mutating func skipToken68() {
        let start = position
        while let byte = next, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\"") { position += 1 }
        let isQuoted = next == UInt8(ascii: "\"")
        var text = bytes[start..<position]
        while text.last == UInt8(ascii: "=") { text.removeLast() }
        skip(spaceAndCommas: false)
        // Anything with a value is a parameter of this challenge.
        if isQuoted || next == UInt8(ascii: "=") || text.contains(UInt8(ascii: "=")) { position = start }
    }

    private mutating func parameter(_ name: String, of challenge: inout Challenge) throws(RegistryModelError) {
        position += 1
        skip(spaceAndCommas: false)
        let value = next == UInt8(ascii: "\"") ? try quoted() : verbatim()
        guard challenge.parameters[name] == nil else { throw Self.fault("parameter \(name.quoted) is repeated") }
        challenge.parameters[name] = value
    }

    /// Takes an unquoted value as it is: some servers write addresses without quotes.
    private mutating func verbatim() -> String {
        let start = position
        while let byte = next, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\"") { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quoted() throws(RegistryModelError) -> String {
        var text: [UInt8] = []
        position += 1
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = next {
                position += 1
                text.append(escaped)
            } else {
                guard byte >= 0x20 || byte == 0x09, byte != 0x7F else {
                    throw Self.fault("control character in quotes")
                }
                text.append(byte)
            }
        }
        throw Self.fault("a quoted text has no end")
    }
}
