import DocumentTree

/// Permissions of a file or folder: twelve bits.
package struct FileMode: Hashable, Sendable, CustomStringConvertible {
    /// The bits, as `chmod` takes them.
    package var bits: UInt16

    /// Takes the low twelve bits.
    package init(_ bits: UInt16) { self.bits = bits & 0o7777 }

    /// Four octal digits.
    package var description: String {
        let digits = String(bits, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Whether others than the owner can read what is in it.
    package var isPrivate: Bool { bits & 0o077 == 0 }
}

extension FileMode {
    /// Octal digits, with or without `0` or `0o` before them.
    init?(octal text: String) {
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : Substring(text)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x37).contains($0) }), digits.utf8.count <= 6,
            let bits = UInt16(digits, radix: 8), bits <= 0o7777
        else { return nil }
        self.init(bits)
    }

    /// Plain decimal digits, as programs write a mode that was a number to them.
    ///
    /// 644 and its like are refused by `isMeantAsOctal`: nobody means mode 1204.
    init?(decimal text: String) {
        guard text.utf8.first != 0x30, let bits = UInt16(text), bits <= 0o7777 else { return nil }
        self.init(bits)
    }

    /// Whether decimal digits look like one of the usual modes.
    static func isMeantAsOctal(_ text: String) -> Bool {
        let usual = [
            "400", "440", "444", "500", "550", "555", "600", "640", "644", "660", "664", "700", "750", "755", "770",
            "775", "777",
        ]
        return usual.contains(text)
    }
}

extension DocumentValue where Value == FileMode {
    private static let shape = DocumentShape.either([
        .text("an octal mode such as `0644`", pattern: "^(0o?)?[0-7]{3,4}$"), .integer(0...4095),
    ])

    /// A mode: octal, or the decimal number that a program wrote for it.
    static var mode: Self {
        Self(shape) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard case .scalar(_, quoted: false) = node.content, text.utf8.first != 0x30 else {
                return try octal(text, node, name)
            }
            guard !FileMode.isMeantAsOctal(text) else {
                throw DocumentError(at: node.mark, "\(name) \(text) is a decimal number; write 0\(text)")
            }
            guard let mode = FileMode(decimal: text) else { return try octal("", node, name) }
            return mode
        }
    }

    /// A mode whose digits are octal however they are written.
    static var octalMode: Self {
        Self(shape) { (node, name) throws(DocumentError) in try octal(try node.text(name), node, name) }
    }

    private static func octal(_ text: String, _ node: DocumentNode, _ name: String) throws(DocumentError) -> FileMode {
        guard let mode = FileMode(octal: text) else {
            throw DocumentError(
                at: node.mark, "\(name) must be an octal mode such as 0644, not '\(try node.text(name))'")
        }
        return mode
    }
}
