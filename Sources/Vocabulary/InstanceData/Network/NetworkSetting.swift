import DocumentTree
import NetworkModel

/// A key of a network configuration that goes as it is into a key of systemd-networkd: tables of these are all there is
/// to say about such keys.
struct NetworkSetting: Sendable {
    /// How the value is written there.
    enum Form: Sendable {
        case truth
        case number(ClosedRange<Int>)
        /// A number with a unit of systemd behind it.
        case time(String)
        /// One of some words, with those that it is also known by.
        case word([String], [String: String] = [:])
        /// `true`, `false`, or this word besides.
        case truthOr(String)
        /// A list of addresses.
        case addresses
        case address
        case name
        /// The name of an address, which the kernel cuts behind 15 characters.
        case label
    }

    /// The key and other spellings of it.
    let names: [String]
    let section: String
    let key: String
    let form: Form

    init(_ names: String, _ section: String, _ key: String, _ form: Form) {
        self.names = names.split(separator: " ").map(String.init)
        self.section = section
        self.key = key
        self.form = form
    }

    /// The keys of a table, one for each spelling; `add` says where the line goes.
    func keys<Root>(_ add: @escaping @Sendable (inout Root, NetworkLine) -> Void) -> [DocumentKey<Root>] {
        names.map { name in
            DocumentKey(name, DocumentValue(shape, read: form.read), "`\(key)=` of `[\(section)]`.") { [section, key] in
                add(&$0, NetworkLine(section: section, key: key, value: $1))
            }
        }
    }

    private var shape: DocumentShape {
        switch form {
        case .truth: .truth
        case .number(let range): .integer(range)
        case .word(let words, _): .choice(words)
        case .time, .truthOr, .addresses, .address, .name, .label: .text("a text")
        }
    }
}

extension NetworkSetting.Form {
    /// Reads a value, and writes it as systemd does.
    @Sendable func read(_ node: DocumentNode, _ name: String) throws(DocumentError) -> String {
        switch self {
        case .truth: return Self.word(try DocumentValue<Bool>.flag.read(node, name))
        case .number(let range): return String(try node.integer(name, range))
        case .time(let unit): return try Self.time(node, name, unit)
        case .word(let words, let others):
            return try node.choice(name, words) { others[$0] ?? (words.contains($0) ? $0 : nil) }
        case .truthOr(let word):
            if try node.text(name).asciiLowercased == word { return word }
            return Self.word(try DocumentValue<Bool>.flag.read(node, name))
        case .addresses:
            let addresses = try DocumentValue<[IPAddress]>.words(of: .address).read(node, name)
            return addresses.map(\.text).joined(separator: " ")
        case .address: return try DocumentValue<IPAddress>.address.read(node, name).text
        case .name: return try DocumentValue<String>.domain.read(node, name)
        case .label: return try DocumentValue<String>.label.read(node, name)
        }
    }

    private static func word(_ truth: Bool) -> String { truth ? "yes" : "no" }

    /// A whole number in the form's unit; netplan's own units may stand behind it.
    private static func time(_ node: DocumentNode, _ name: String, _ unit: String) throws(DocumentError) -> String {
        let text = try node.text(name)
        for suffix in ["ms", "s"] where text.hasSuffix(suffix) {
            guard let number = UInt32(text.dropLast(suffix.count)) else { break }
            return "\(number)\(suffix)"
        }
        guard let number = UInt32(text), text.first != "+" else {
            throw DocumentError(
                at: node.mark, "\(name) must be a time in \(unit == "ms" ? "milliseconds" : "seconds"), not '\(text)'")
        }
        return "\(number)\(unit)"
    }
}
