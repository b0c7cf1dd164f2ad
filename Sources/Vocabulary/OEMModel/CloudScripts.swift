import DocumentTree
import JSONText

/// A script of `bootcmd` or `runcmd`.
struct ScriptKey: Equatable, Sendable {
    var text: String
    var mark: DocumentMark
}

extension DocumentValue where Value == ScriptKey {
    /// Items of a script: texts for a shell, and lists of words that no shell changes.
    ///
    /// Empty items are passed over.
    static var script: Self {
        let shape = DocumentShape.either([
            .list(.either([.text("a text for a shell"), .list(.text("a word"))])), .text("a text for a shell"),
        ])
        return Self(shape) { (node, name) throws(DocumentError) in
            if case .scalar = node.content { return ScriptKey(text: try node.scalar(name) + "\n", mark: node.mark) }
            var text = ""
            for element in try node.elements(name) where !element.isEmpty { text += try item(element, name) + "\n" }
            return ScriptKey(text: text, mark: node.mark)
        }
    }

    private static func item(_ node: DocumentNode, _ name: String) throws(DocumentError) -> String {
        guard case .sequence = node.content else { return try node.scalar("an item of \(name)") }
        return try DocumentValue<[String]>.texts.read(node, "an item of \(name)").map(quoted).joined(separator: " ")
    }

    /// A word as a shell takes it unchanged (POSIX.1-2017, 2.2.2).
    private static func quoted(_ word: String) -> String {
        var text = "'"
        for character in word.unicodeScalars { text += character == "'" ? #"'\''"# : String(character) }
        return text + "'"
    }
}

extension DocumentValue where Value == FileDirective {
    private static let cloudTable = DocumentTable<FileKeys>(
        "a file", emptyIsAbsent: true,
        FileKeys.keys(.octalMode).filter { !["owner", "group", "name"].contains($0.entry.name) } + [
            DocumentKey("owner", .line, default: "root:root", "The owner by name: `user:group`.") {
                $0.file.owner = .names($1)
            },
            DocumentKey("append", .anyTruth, default: false, "Whether the content is added to what is there.") {
                $0.file.isAppended = $1
            },
            DocumentKey("defer", .anyTruth, default: false, "Whether it is written in stage `network`.") {
                $0.file.isDeferred = $1
            },
            DocumentKey(
                "source", source,
                "Where the content comes from, in stage `network`; `content` counts when that cannot be had."),
        ])

    private static let source: [DocumentKey<FileKeys>] = [
        DocumentKey("uri", .address, required: true, "The address.") { $0.file.source = $1 },
        DocumentKey("headers", .mapping(headers, of: .line), "Headers of the request, such as `Authorization`.") {
            $0.file.sourceHeaders = $1
        },
    ]

    private static let headers = DocumentNames("name", "a header's name", without: ":")

    /// A file of `write_files`.
    static var cloudFile: Self {
        Self(.table(cloudTable.entries)) { (node, _) throws(DocumentError) in
            var keys = FileKeys()
            try cloudTable.read(node, into: &keys)
            return try keys.directive(at: node.mark)
        }
    }
}

extension DocumentValue where Value == [MountLine] {
    /// Lines of up to six fields; a line without a mount point takes the device's line away.
    static var mountLines: Self {
        Self(.list(.list(.text("a field")))) { (node, name) throws(DocumentError) in
            var lines: [MountLine] = []
            for element in try node.elements(name) { lines.append(try line(element)) }
            return lines
        }
    }

    private static func line(_ node: DocumentNode) throws(DocumentError) -> MountLine {
        let fields = try node.elements("a line of mounts")
        guard let first = fields.first, (1...6).contains(fields.count) else {
            throw DocumentError(at: node.mark, "a line of mounts must have one to six fields")
        }
        var texts: [String?] = []
        for field in fields {
            texts.append(field.isEmpty ? nil : try DocumentValue<String>.word.read(field, "a field"))
        }
        guard let device = texts[0] else { throw DocumentError(at: first.mark, "a line of mounts needs a device") }
        let get: (Int) -> String? = { $0 < texts.count ? texts[$0] : nil }
        var line = MountLine(device: device, target: get(1) == "none" ? nil : get(1))
        line.filesystem = get(2) ?? line.filesystem
        line.options = get(3) ?? line.options
        line.dump = get(4) ?? line.dump
        line.pass = get(5) ?? line.pass
        return line
    }
}

extension DocumentValue where Value == PowerDirective {
    private static let table = DocumentTable<PowerDirective>(
        "power_state", emptyIsAbsent: true,
        [
            DocumentKey("mode", .choice, required: true, "What is done.") { $0.mode = $1 },
            DocumentKey("delay", .minutes, default: "now", "When: `now`, or minutes as `+5` or `5`.") {
                $0.delayMinutes = $1
            },
            DocumentKey("message", .line, "What those who are logged in are told.") { $0.message = $1 },
            DocumentKey("timeout", .integer(0...86_400), "Taken, and without effect: nothing is waited for.") { _, _ in
            },
            DocumentKey("condition", .condition, default: true, "A truth value, or a command that decides.") {
                $0.condition = $1
            },
        ])

    /// What becomes of the machine.
    static var power: Self {
        Self(.table(table.entries)) { (node, _) throws(DocumentError) in
            var power = PowerDirective()
            try table.read(node, into: &power)
            power.mark = node.mark
            return power
        }
    }
}

extension DocumentValue where Value == Int {
    /// Minutes from now.
    fileprivate static var minutes: Self {
        Self(.text("`now`, or minutes such as `+5`", pattern: #"^(now|\+?[0-9]+)$"#)) {
            (node, name) throws(DocumentError) in
            let text = try node.text(name)
            if text == "now" { return 0 }
            guard let number = Int(text), (0...525_600).contains(number) else {
                throw DocumentError(at: node.mark, "\(name) must be now, or minutes such as +5, not '\(text)'")
            }
            return number
        }
    }
}

extension DocumentValue where Value == String? {
    /// A condition: nil for true, otherwise a text for a shell.
    fileprivate static var condition: Self {
        Self(.either([.truth, .text("a text for a shell"), .list(.text("a word"))])) {
            (node, name) throws(DocumentError) in
            if case .sequence = node.content {
                return try DocumentValue<ScriptKey>.script.read(
                    DocumentNode(.sequence([node]), at: node.mark), name
                ).text
            }
            let text = try node.text(name)
            switch text.lowercased() {
            case "true": return nil
            case "false": return "false"
            default: return text
            }
        }
    }
}
