package import DocumentTree

/// What an os-release or extension-release file says, read as systemd reads it.
///
/// A file that systemd takes is taken and the reverse, so the rules are those of its reader (`parse_env_file` in its
/// `env-file.c`): white space around names, comments that begin with `;`, quotes that follow each other, escaped line feeds.
/// `EnvironmentFile` refuses a line that is no assignment; this passes over it.
package struct ReleaseText: Equatable, Sendable {
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024

    private var values: [String: String] = [:]

    /// Reads a file.
    ///
    /// - Throws: `DocumentError` for a file that is too large, has a zero byte, or has an assignment that is not UTF-8.
    package init(parsing bytes: [UInt8]) throws(DocumentError) {
        guard bytes.count <= Self.sizeLimit else {
            throw DocumentError(at: DocumentMark(line: 1, column: 1), "it has more than \(Self.sizeLimit) bytes")
        }
        var scanner = ReleaseScanner()
        for byte in bytes {
            scanner.take(byte)
            if byte == 0 { throw DocumentError(at: scanner.mark, "it has a zero byte") }
        }
        scanner.end()
        for assignment in scanner.assignments {
            guard let name = String(validating: assignment.name, as: UTF8.self),
                let value = String(validating: assignment.value, as: UTF8.self)
            else { throw DocumentError(at: assignment.mark, "it is not UTF-8") }
            values[name] = value
        }
    }

    /// The value of a name; nil when it is empty or not there, which mean the same.
    package subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The words of a value; nil when the name is not there, none when the value is empty.
    func words(_ name: String) -> [String]? {
        values[name].map { value in
            value.utf8.split { Array(" \t\n\r".utf8).contains($0) }.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Whether nothing is said at all.
    package var isEmpty: Bool { values.isEmpty }
}

/// Takes the bytes of such a file one by one.
private struct ReleaseScanner {
    /// Where the next byte belongs.
    enum State {
        case beforeName, name, beforeValue, value, valueEscape, single, double, doubleEscape, comment, commentEscape
    }

    var assignments: [(name: [UInt8], value: [UInt8], mark: DocumentMark)] = []
    private var state = State.beforeName
    private var line = 1
    private var name: [UInt8] = []
    private var value: [UInt8] = []
    /// The bytes of the value that stay when white space at its end is removed.
    private var kept = 0

    var mark: DocumentMark { DocumentMark(line: line, column: 1) }

    mutating func take(_ byte: UInt8) {
        switch state {
        case .beforeName: begin(byte)
        case .name: takeName(byte)
        case .beforeValue: takeBeforeValue(byte)
        case .value: takeValue(byte)
        case .valueEscape:
            if !Self.isLineEnd(byte) { keep(byte) }
            state = .value
        case .single: if byte == UInt8(ascii: "'") { state = .beforeValue } else { keep(byte) }
        case .double: takeDouble(byte)
        case .doubleEscape: takeDoubleEscape(byte)
        case .comment:
            if byte == UInt8(ascii: "\\") {
                state = .commentEscape
            } else if Self.isLineEnd(byte) {
                state = .beforeName
            }
        case .commentEscape: state = .comment
        }
        if byte == UInt8(ascii: "\n") { line += 1 }
    }

    /// Takes the end of the file; an assignment needs no line feed.
    mutating func end() {
        switch state {
        case .beforeName, .name, .comment, .commentEscape: break
        default: push()
        }
    }

    private mutating func begin(_ byte: UInt8) {
        if byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") {
            state = .comment
        } else if !Self.isSpace(byte) {
            (state, name) = (.name, [byte])
        }
    }

    private mutating func takeName(_ byte: UInt8) {
        if Self.isLineEnd(byte) {
            state = .beforeName
        } else if byte == UInt8(ascii: "=") {
            (state, value, kept) = (.beforeValue, [], 0)
        } else {
            name.append(byte)
        }
    }

    private mutating func takeBeforeValue(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): push()
        case UInt8(ascii: "'"): state = .single
        case UInt8(ascii: "\""): state = .double
        case UInt8(ascii: "\\"): state = .valueEscape
        case _ where Self.isSpace(byte): break
        default:
            keep(byte)
            state = .value
        }
    }

    private mutating func takeValue(_ byte: UInt8) {
        if Self.isLineEnd(byte) {
            push()
        } else if byte == UInt8(ascii: "\\") {
            (state, kept) = (.valueEscape, value.count)
        } else if Self.isSpace(byte) {
            value.append(byte)
        } else {
            keep(byte)
        }
    }

    private mutating func takeDouble(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): state = .beforeValue
        case UInt8(ascii: "\\"): state = .doubleEscape
        default: keep(byte)
        }
    }

    /// As in a shell, a backslash escapes only what has a meaning inside double quotes.
    private mutating func takeDoubleEscape(_ byte: UInt8) {
        state = .double
        if byte == UInt8(ascii: "\n") { return }
        if !Array("\"\\`$".utf8).contains(byte) { keep(UInt8(ascii: "\\")) }
        keep(byte)
    }

    private mutating func keep(_ byte: UInt8) {
        value.append(byte)
        kept = value.count
    }

    private mutating func push() {
        while let last = name.last, Self.isSpace(last) { name.removeLast() }
        assignments.append((name, Array(value.prefix(kept)), mark))
        state = .beforeName
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    private static func isSpace(_ byte: UInt8) -> Bool {
        isLineEnd(byte) || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
