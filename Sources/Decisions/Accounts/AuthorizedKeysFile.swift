/// Changes the text of `authorized_keys`; what others wrote stays byte for byte.
///
/// Keys that were fetched stand between two comments that name their source, and are replaced together, so that a key
/// which is revoked there is gone here:
///
///     # keys from https://github.com/name.keys: begin
///     ssh-ed25519 AAAA…
///     # keys from https://github.com/name.keys: end
package struct AuthorizedKeysFile: Equatable, Sendable {
    private var lines: [[UInt8]]

    /// Reads a file; an absent one is empty.
    package init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        // Behind the last line break there is no line.
        if lines.last?.isEmpty == true { lines.removeLast() }
        original = bytes
    }

    private let original: [UInt8]
    private var isChanged = false

    /// The file as it is to be written; the very bytes that were read when nothing changed.
    package var bytes: [UInt8] { isChanged ? lines.flatMap { $0 + [0x0A] } : original }

    /// Appends the keys that are not there yet, each once; keys that were fetched do not count, for they may go again.
    ///
    /// - Returns: those that were appended.
    @discardableResult
    package mutating func add(_ keys: [AuthorizedKey]) -> [AuthorizedKey] {
        var present = keysOutsideOfBlocks
        let new = keys.filter { key in
            if present.contains(where: { $0.isSameKey(as: key) }) { return false }
            present.append(key)
            return true
        }
        lines += new.map { Array($0.line.utf8) }
        isChanged = isChanged || !new.isEmpty
        return new
    }

    /// Replaces the keys of one source by others; with none, its marks go as well.
    ///
    /// - Returns: whether the file is another now.
    /// - Throws: when the source cannot be named in a line, or when its part of the file has no end: how much of what
    ///   follows belongs to it cannot be told then.
    @discardableResult
    package mutating func replace(_ keys: [AuthorizedKey], from source: String) throws(AccountError) -> Bool {
        if source.isEmpty || source.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw .block("a source", "its name is empty or has a control character")
        }
        let (begin, end) = (Self.mark(source, Self.begin), Self.mark(source, Self.end))
        let block = keys.isEmpty ? [] : [begin] + Self.unique(keys).map { Array($0.line.utf8) } + [end]
        guard let first = lines.firstIndex(of: begin) else {
            lines += block
            isChanged = isChanged || !block.isEmpty
            return !block.isEmpty
        }
        guard let last = lines[first...].firstIndex(of: end),
            !lines[(first + 1)..<last].contains(where: Self.isMark)
        else { throw .block(source, "they begin in line \(first + 1) of the file and have no end") }
        if lines[first...last].elementsEqual(block) { return false }
        lines.replaceSubrange(first...last, with: block)
        isChanged = true
        return true
    }

    /// Reads what a source gave: one key a line; empty lines and comments do not count.
    ///
    /// - Throws: when a line is no key, so that a page which says "not found" does not replace keys.
    package static func keys(fetched bytes: [UInt8]) throws(AccountError) -> [AuthorizedKey] {
        var keys: [AuthorizedKey] = []
        for line in bytes.split(separator: 0x0A) {
            let text = AccountName.trimmed(line)
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            keys.append(try AuthorizedKey(String(decoding: text, as: UTF8.self)))
        }
        return keys
    }
}

extension AuthorizedKeysFile {
    private static let (before, begin, end) = ("# keys from ", ": begin", ": end")

    private static func mark(_ source: String, _ suffix: String) -> [UInt8] {
        Array("\(before)\(source)\(suffix)".utf8)
    }

    private static func isMark(_ line: [UInt8]) -> Bool { isMark(line, begin) || isMark(line, end) }

    private static func isMark(_ line: [UInt8], _ suffix: String) -> Bool {
        line.starts(with: before.utf8) && line.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// The keys that no source brought; a begin without its end is a comment.
    private var keysOutsideOfBlocks: [AuthorizedKey] {
        var keys: [AuthorizedKey] = []
        var place = 0
        while place < lines.count {
            if Self.isMark(lines[place], Self.begin),
                let next = lines[(place + 1)...].firstIndex(where: Self.isMark), Self.isMark(lines[next], Self.end)
            {
                place = next
            } else if let key = try? AuthorizedKey(String(decoding: lines[place], as: UTF8.self)) {
                keys.append(key)
            }
            place += 1
        }
        return keys
    }

    private static func unique(_ keys: [AuthorizedKey]) -> [AuthorizedKey] {
        keys.reduce(into: []) { kept, key in if !kept.contains(where: { $0.isSameKey(as: key) }) { kept.append(key) } }
    }
}
