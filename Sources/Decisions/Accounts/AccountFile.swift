/// Holds an account file line by line: what is not understood stays in its place, byte for byte.
///
/// Not understood are lines with another number of fields, with ids that are no numbers, of NIS, and comments.
package struct AccountFile<Entry: AccountEntry>: Equatable, Sendable {
    private struct Line: Equatable, Sendable {
        var bytes: [UInt8]
        var entry: Entry?

        /// What is before the first colon, as glibc finds it: white space before it does not count.
        var name: String {
            let field = bytes.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != UInt8(ascii: ":") }
            return String(decoding: field, as: UTF8.self)
        }

        /// The third field of passwd and group, also where the line is not understood otherwise.
        var id: UInt32? {
            let fields = bytes.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
            return fields.count > 2 ? AccountName.number(String(decoding: fields[2], as: UTF8.self)) : nil
        }
    }

    private var lines: [Line]
    private var endsWithNewline: Bool

    /// Reads a file.
    package init(_ bytes: [UInt8]) {
        var pieces = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        endsWithNewline = pieces.last?.isEmpty ?? true
        if endsWithNewline { pieces = pieces.dropLast() }
        lines = pieces.map { Line(bytes: Array($0), entry: Self.entry(of: $0)) }
    }

    /// The file as it is to be written.
    package var bytes: [UInt8] {
        var bytes = Array(lines.map(\.bytes).joined(separator: [0x0A]))
        if endsWithNewline, !lines.isEmpty { bytes.append(0x0A) }
        return bytes
    }

    /// The lines that are understood, in order.
    package var entries: [Entry] { lines.compactMap(\.entry) }

    /// The first line of that name, which is the one that counts for the C library.
    package subscript(name: String) -> Entry? { lines.first { $0.entry?.name == name }?.entry }

    /// The numbers in the third field of all lines.
    var ids: Set<UInt32> { Set(lines.compactMap(\.id)) }

    /// Replaces the first line of that name, else appends one, before the lines of NIS if they are at the end.
    ///
    /// Fields that stay keep their bytes, whatever their encoding.
    ///
    /// - Throws: when a line of that name is there that is not understood: two of one name would contradict each other.
    mutating func set(_ entry: Entry) throws(AccountError) {
        if let number = lines.firstIndex(where: { $0.entry == nil && $0.name == entry.name }) {
            throw .malformedLine(number + 1, of: Entry.file, name: entry.name)
        }
        guard let place = lines.firstIndex(where: { $0.entry?.name == entry.name }) else { return add(entry) }
        guard lines[place].entry != entry else { return }
        lines[place] = Line(bytes: Self.render(entry, over: lines[place].bytes), entry: entry)
    }

    /// Removes every line of that name, and no other.
    mutating func remove(_ name: String) {
        lines.removeAll { $0.entry?.name == name }
    }

    private mutating func add(_ entry: Entry) {
        let place = (lines.lastIndex { !Self.isNIS($0) } ?? -1) + 1
        lines.insert(Line(bytes: Self.render(entry, over: []), entry: entry), at: place)
        endsWithNewline = true
    }

    private static func isNIS(_ line: Line) -> Bool {
        line.bytes.first == UInt8(ascii: "+") || line.bytes.first == UInt8(ascii: "-")
    }

    private static func entry(of line: ArraySlice<UInt8>) -> Entry? {
        let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard fields.count == Entry.labels.count else { return nil }
        return Entry(fields: fields.map { String(decoding: $0, as: UTF8.self) })
    }

    private static func render(_ entry: Entry, over old: [UInt8]) -> [UInt8] {
        let kept = old.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let fields = entry.fields.enumerated().map { place, text in
            guard place < kept.count, String(decoding: kept[place], as: UTF8.self) == text else {
                return Array(text.utf8)
            }
            return Array(kept[place])
        }
        return Array(fields.joined(separator: [UInt8(ascii: ":")]))
    }
}
