import DocumentTree
import JSONText

/// The keys of cloud-init's `swap`.
struct SwapKeys: Equatable, Sendable {
    var path = ""
    var bytes: Int?
    var limit: Int?

    static let table = DocumentTable<SwapKeys>(
        "swap", emptyIsAbsent: true,
        [
            DocumentKey("filename", .target, required: true, "The file.") { $0.path = $1 },
            DocumentKey("size", .swapSize, required: true, "Its size, such as `512M`; `auto` for that of the memory.") {
                $0.bytes = $1
            },
            DocumentKey("maxsize", .byteCount, "The largest size.") { $0.limit = $1 },
        ])
}

/// The keys of cloud-init's `keyboard`.
struct KeyboardKeys: Equatable, Sendable {
    var layout = ""
    var model = "pc105"
    var variant = ""
    var options = ""

    static let table = DocumentTable<KeyboardKeys>(
        "keyboard", emptyIsAbsent: true,
        [
            DocumentKey("layout", .line, required: true, "The layout, such as `de`.") { $0.layout = $1 },
            DocumentKey("model", .line, default: "pc105", "The model.") { $0.model = $1 },
            DocumentKey("variant", .line, "The variant.") { $0.variant = $1 },
            DocumentKey("options", .line, "Options.") { $0.options = $1 },
        ])
}

extension DocumentValue where Value == Int {
    /// A number of bytes: digits, and `K`, `M`, `G` or `T` for powers of 1,024.
    static var byteCount: Self {
        Self(.text("a size such as `512M`", pattern: "^[0-9]+([KMGT]i?B?|B)?$")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let unit = text.dropFirst(digits.count).uppercased()
            let shifts = [
                "": 0, "B": 0, "K": 10, "KB": 10, "KIB": 10, "M": 20, "MB": 20, "MIB": 20, "G": 30, "GB": 30,
                "GIB": 30, "T": 40, "TB": 40, "TIB": 40,
            ]
            guard let number = Int(digits), let shift = shifts[unit], number <= Int.max >> shift else {
                throw DocumentError(at: node.mark, "\(name) must be a size such as 512M, not '\(text)'")
            }
            return number << shift
        }
    }
}

extension DocumentValue where Value == Int? {
    /// A number of bytes, or `auto`, which is nil.
    static var swapSize: Self {
        let bytes = DocumentValue<Int>.byteCount
        return Self(.either([.choice(["auto"]), bytes.shape])) { (node, name) throws(DocumentError) in
            try node.text(name) == "auto" ? nil : try bytes.read(node, name)
        }
    }
}

extension DocumentValue where Value == Void {
    /// Anything at all: the key is known, and what is there has no effect.
    static var anything: Self { Self(.either([])) { (_, _) throws(DocumentError) in () } }
}

extension DocumentValue where Value == Bool {
    /// Whether names are put into `/etc/hosts`: a truth value, or cloud-init's words.
    static var hostsRule: Self {
        Self(.either([.truth, .choice(["localhost", "template"])])) { (node, name) throws(DocumentError) in
            if ["localhost", "template"].contains(try node.text(name)) { return true }
            return try anyTruth.read(node, name)
        }
    }
}

extension DocumentValue where Value == String {
    /// The name of a time zone: relative, without `..`.
    static var zone: Self {
        Self(.text("a time zone", pattern: "^[A-Za-z0-9_+/-]+$")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            let isName = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            guard isName, !text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
                throw DocumentError(at: node.mark, "'\(text)' is no time zone such as Europe/Prague")
            }
            return text
        }
    }
}

extension DocumentValue where Value == Placed<String>? {
    /// A language, or `false` for as it is.
    static var locale: Self {
        Self(.text("a language such as `en_US.UTF-8`, or `false`")) { (node, name) throws(DocumentError) in
            let text = try DocumentValue<String>.line.read(node, name)
            return text.lowercased() == "false" ? nil : Placed(text, at: node.mark)
        }
    }
}

extension DocumentValue where Value == CloudConfig.Apart<[String]> {
    /// Packages: names, names with a version, or lists below a package manager's name.
    static var packageNames: Self {
        let pair = DocumentShape.list(.text("a name, then a version"))
        let shape = DocumentShape.list(.either([.text("a package"), pair, .mapping(.managers, pair)]))
        return Self(shape) { (node, name) throws(DocumentError) in
            if case .scalar = node.content { return [.success([try DocumentValue<String>.line.read(node, name)])] }
            return try node.elements(name).map { element in
                do throws(DocumentError) { return .success(try package(element)) } catch { return .failure(error) }
            }
        }
    }

    private static func package(_ node: DocumentNode) throws(DocumentError) -> [String] {
        switch node.content {
        case .scalar: return [try DocumentValue<String>.line.read(node, "a package")]
        case .sequence:
            let parts = try DocumentValue<[String]>.texts.read(node, "a package")
            guard (1...2).contains(parts.count) else {
                throw DocumentError(at: node.mark, "a package must be a name, or a name and a version")
            }
            return [parts.joined(separator: "=")]
        case .mapping(let pairs):
            var names: [String] = []
            for pair in pairs {
                guard pair.key == "apt" else {
                    throw DocumentError(at: pair.mark, "packages of '\(pair.key)' cannot be installed here")
                }
                for node in try pair.value.elements("packages.apt") { names += try package(node) }
            }
            return names
        }
    }
}

extension DocumentNames {
    fileprivate static let managers = DocumentNames("manager", "a package manager", without: "=")
}

extension DocumentValue where Value == [String] {
    /// Devices of `growpart`; none when it is switched off.
    static var growth: Self {
        let table = DocumentTable<GrowKeys>(
            "growpart", emptyIsAbsent: true,
            [
                DocumentKey("mode", .line, default: "auto", "`auto`, `growpart`, `gpart`, `off` or `false`.") {
                    $0.isOff = ["off", "false"].contains($1.lowercased())
                },
                DocumentKey("devices", .textOrTexts, default: ["/"], "Devices, or where they are mounted.") {
                    $0.devices = $1
                },
                DocumentKey("ignore_growroot_disabled", .anyTruth, "Taken, and without effect.") { _, _ in },
            ])
        return Self(.either([.table(table.entries), .truth])) { (node, name) throws(DocumentError) in
            if case .scalar = node.content {
                return try DocumentValue<Bool>.anyTruth.read(node, name) ? ["/"] : []
            }
            var keys = GrowKeys()
            try table.read(node, into: &keys)
            return keys.isOff ? [] : keys.devices
        }
    }
}

/// The keys of cloud-init's `growpart`.
struct GrowKeys: Sendable {
    var isOff = false
    var devices = ["/"]
}

extension DocumentValue {
    /// A list whose elements are read apart: a wrong one does not take the others with it.
    static func apart<Element>(_ element: DocumentValue<Element>, _ name: String) -> Self
    where Value == CloudConfig.Apart<Element> {
        Self(.list(element.shape)) { (node, list) throws(DocumentError) in
            try node.elements(list).map { node in
                do throws(DocumentError) { return .success(try element.read(node, name)) } catch {
                    return .failure(error)
                }
            }
        }
    }
}
