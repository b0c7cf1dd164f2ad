/// Changes the text of an environment file; lines of others stay as they are.
package enum EnvironmentLines {
    /// Puts variables in: a line that sets one is replaced where it stands, the rest comes at the end, sorted.
    package static func merged(_ old: [UInt8], _ variables: [(name: String, value: String)]) -> [UInt8] {
        var values: [String: String] = [:]
        for variable in variables { values[variable.name] = variable.value }
        var written: Set<String> = []
        var lines: [String] = []
        for line in String(decoding: old, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            guard let name = name(of: line), let value = values[name] else {
                lines.append(String(line))
                continue
            }
            if written.insert(name).inserted { lines.append("\(name)=\(quoted(value))") }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        for name in values.keys.sorted() where !written.contains(name) {
            lines.append("\(name)=\(quoted(values[name] ?? ""))")
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func name(of line: Substring) -> String? {
        let text = line.hasPrefix("export ") ? line.dropFirst("export ".count) : line
        guard let equals = text.firstIndex(of: "="), !text.hasPrefix("#") else { return nil }
        return String(text[..<equals])
    }

    /// Whole numbers stay bare; all else is in double quotes, so that a shell and systemd read the same text.
    static func quoted(_ value: String) -> String {
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            if ["\\", "\"", "$", "`"].contains(scalar) { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}
