/// Says which names and values may be written into account files, and reads the parts of their lines.
package enum AccountName {
    /// The most bytes of a name: what utmp(5) holds, and useradd(8) and groupadd(8) accept.
    package static let longest = 32

    /// Refuses a name that shadow's tools refuse: a letter or `_`, then letters, digits, `_`, `.` and `-`, at last
    /// perhaps `$` (for Samba's machines); at most 32 bytes.
    ///
    /// - Parameter kind: what it is the name of: `user` or `group`.
    package static func check(_ name: String, of kind: String) throws(AccountError) {
        var bytes = Array(name.utf8)
        if bytes.count > longest { throw .name(name, of: kind, "it has more than \(longest) bytes") }
        if bytes.count > 1, bytes.last == UInt8(ascii: "$") { bytes.removeLast() }
        guard let first = bytes.first else { throw .name(name, of: kind, "it is empty") }
        guard isLetter(first) || first == UInt8(ascii: "_") else {
            throw .name(name, of: kind, "it begins with neither a letter nor an underscore")
        }
        guard bytes.allSatisfy(isInner) else {
            throw .name(name, of: kind, "it has a character that is no letter, digit, underscore, dot or hyphen")
        }
    }

    /// Refuses a value that would end the field or the line, or that no terminal shows.
    ///
    /// - Parameters:
    ///   - label: what the value is, for the message.
    ///   - owner: the user or group that it is for.
    package static func check(value: String, _ label: String, of owner: String) throws(AccountError) {
        for byte in value.utf8 where byte == UInt8(ascii: ":") || byte < 0x20 || byte == 0x7F {
            throw .value(label, of: owner, byte == UInt8(ascii: ":") ? "it has a colon" : "it has a control character")
        }
    }

    /// Refuses a path that is not absolute, besides what makes no value.
    static func check(path: String, _ label: String, of owner: String) throws(AccountError) {
        try check(value: path, label, of: owner)
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw .value(label, of: owner, "it is no absolute path")
        }
    }

    /// Says whether a line of that name is an account: not one of NIS (`+`, `-`), no comment, nothing indented.
    static func isLineName(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        return first > 0x20 && ![UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "#")].contains(first)
    }

    /// Reads digits alone; nil when it is no number of 32 bits.
    static func number(_ text: String) -> UInt32? {
        text.utf8.allSatisfy(isDigit) ? UInt32(text) : nil
    }

    /// Reads names between commas.
    static func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

    /// Cuts white space from both ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let rest = bytes.drop(while: isBlank)
        guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return [] }
        return rest[...last]
    }

    /// Says whether a byte is a blank, a tab or the end of a line.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    private static func isInner(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
