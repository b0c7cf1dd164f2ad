/// Reads files of `NAME=value` lines as a shell or systemd would, without expansion (os-release(5), systemd.exec(5)).
package struct EnvironmentFile: Sendable {
    /// One assignment.
    package struct Assignment: Sendable {
        /// The variable.
        package var name: String
        /// The value without its quotes.
        package var value: String
        /// Where the line is.
        package var mark: DocumentMark
    }

    /// The assignments in order; of a repeated name the last counts.
    package private(set) var assignments: [Assignment] = []

    /// Reads a text; empty lines, comments and the word `export` are passed over.
    ///
    /// - Throws: `DocumentError` with the line of the first that is no assignment, or whose quotes are not closed.
    package init(parsing text: String) throws(DocumentError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let mark = DocumentMark(line: index + 1, column: 1)
            let words = line.drop(while: \.isWhitespace)
            if words.isEmpty || words.hasPrefix("#") { continue }
            let rest = words.hasPrefix("export ") ? words.dropFirst("export ".count) : words
            assignments.append(try Self.assignment(rest, at: mark))
        }
    }

    private static func assignment(_ line: Substring, at mark: DocumentMark) throws(DocumentError) -> Assignment {
        let isNameCharacter: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let equals = line.firstIndex(of: "="), equals != line.startIndex,
            line[..<equals].allSatisfy(isNameCharacter)
        else { throw DocumentError(at: mark, "'\(line)' is no assignment; write NAME=value") }
        var value = line[line.index(after: equals)...]
        while value.last?.isWhitespace == true { value.removeLast() }
        if let quote = value.first, quote == "\"" || quote == "'" {
            guard value.count >= 2, value.last == quote else { throw DocumentError(at: mark, "a quote is not closed") }
            value = value.dropFirst().dropLast()
        }
        return Assignment(name: String(line[..<equals]), value: String(value), mark: mark)
    }
}
