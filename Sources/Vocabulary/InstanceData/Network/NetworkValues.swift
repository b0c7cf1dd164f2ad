import DocumentTree
import NetworkModel

// Values of network configurations. Nothing passes that could end a line of the file that it goes into.

extension DocumentValue where Value == Bool {
    /// A truth value in any of YAML's old spellings.
    static var flag: Self {
        Self(.truth) { (node, name) throws(DocumentError) in
            switch try node.text(name).asciiLowercased {
            case "true", "yes", "on", "y", "1": return true
            case "false", "no", "off", "n", "0": return false
            case let text: throw DocumentError(at: node.mark, "\(name) must be true or false, not '\(text)'")
            }
        }
    }
}

extension DocumentValue where Value == IPAddress {
    /// An address without a prefix.
    static var address: Self {
        Self(.text("an address")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard let address = IPAddress(text) else {
                throw DocumentError(at: node.mark, "\(name): '\(text)' is no address")
            }
            return address
        }
    }
}

extension DocumentValue where Value == String {
    /// A name of a network interface.
    static var interface: Self { checked("a name of an interface") { InterfaceName.isName($0) } }
    /// What may be in the name of a file, and names a link in the document.
    static var linkID: Self { checked("a name of letters, digits, '.', '_' and '-'") { InterfaceName.isID($0) } }
    /// A name or a pattern of names.
    static var pattern: Self {
        checked("a name or a pattern without spaces") {
            $0.utf8.count <= 64 && $0.allSatisfy { $0.isPlain || "*?[]!:".contains($0) }
        }
    }
    /// A domain, also with `~` before it.
    static var domain: Self {
        checked("a domain") { $0.utf8.count <= 253 && $0.allSatisfy { $0.isPlain || $0 == "~" } }
    }
    /// A label of an address.
    static var label: Self {
        checked("a label of at most 15 characters") { $0.utf8.count <= 15 && $0.allSatisfy { $0.isPlain || $0 == ":" } }
    }
    /// A hardware address, in small letters.
    static var hardware: Self {
        Self(.text("a hardware address")) { (node, name) throws(DocumentError) in
            let text = try node.text(name).asciiLowercased
            let groups = text.split(separator: ":", omittingEmptySubsequences: false)
            let fits = groups.allSatisfy { $0.utf8.count == 2 && $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
            guard fits, groups.count == 6 || groups.count == 20 else {
                throw DocumentError(
                    at: node.mark, "\(name) must be a hardware address such as 52:54:00:12:34:56, not '\(text)'")
            }
            return text
        }
    }

    private static func checked(_ words: String, _ fits: @escaping @Sendable (String) -> Bool) -> Self {
        Self(.text(words)) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard fits(text) else {
                throw DocumentError(at: node.mark, "\(name) must be \(words), not '\(text.prefix(80))'")
            }
            return text
        }
    }
}

extension DocumentValue {
    /// A list, or a text whose words are the list.
    static func words<Element>(of element: DocumentValue<Element>) -> Self where Value == [Element] {
        Self(.list(element.shape)) { (node, name) throws(DocumentError) in
            var nodes = [node]
            if node.isSequence {
                nodes = try node.elements(name)
            } else if case .scalar(let text, _) = node.content, !node.isEmpty {
                nodes = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\n" })
                    .map { DocumentNode(.scalar(String($0), quoted: true), at: node.mark) }
            }
            var values: [Element] = []
            for node in nodes { values.append(try element.read(node, name)) }
            return values
        }
    }
}

/// Knows which names the kernel takes for interfaces.
enum InterfaceName {
    /// Up to 15 plain characters, and not only digits.
    static func isName(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count) && text.allSatisfy(\.isPlain) && text != "." && text != ".."
            && !text.allSatisfy(\.isNumber)
    }

    /// Up to 64 plain characters that do not hide a file.
    static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.allSatisfy(\.isPlain) && !text.hasPrefix(".")
    }
}
