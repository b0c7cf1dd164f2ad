package import ImageModel

/// Reads os-release(5): shell-like assignments, one a line.
package enum OSReleaseText {
    /// Returns the fields in file order, the last value of a name that comes twice.
    ///
    /// Lines that are no assignment are passed over, as os-release(5) asks; so is what is not UTF-8.
    package static func fields(of bytes: [UInt8]) -> [Manifest.Field] {
        var fields: [Manifest.Field] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else { continue }
            let name = String(line[..<equals])
            guard ManifestText.isFieldName(name) else { continue }
            let field = Manifest.Field(name, unquoted(line[line.index(after: equals)...]))
            fields.removeAll { $0.name == name }
            fields.append(field)
        }
        return fields
    }

    /// Removes quotes and the backslashes that escape.
    private static func unquoted(_ text: Substring) -> String {
        var rest = text
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        if let quote = rest.first, quote == "'" || quote == "\"", rest.count >= 2, rest.last == quote {
            rest = rest.dropFirst().dropLast()
            if quote == "'" { return String(rest) }
        }
        var value = ""
        var isEscaped = false
        for character in rest {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                value.append(character)
                isEscaped = false
            }
        }
        return value
    }
}
