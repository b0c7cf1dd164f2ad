/// Takes the values of secret keys out of a line: `password: x`, `psk=x`, `"token": "x"`, `--password x`.
struct SecretValues {
    /// The line without them, once it has run.
    private(set) var output: [UInt8] = []
    /// The column of a key whose value may go on in the next lines; nil when none does.
    private(set) var openColumn: Int?
    /// Whether the line names a secret whose value stands at the key `value`, here or in the next line.
    private(set) var namesSecret: Bool

    private let line: [UInt8]
    private var position = 0

    private enum Separator { case colon, equals, space }
    /// What says whether something is so; nobody's password, and worth knowing.
    private static let harmless: Set<[UInt8]> = Set(
        ["true", "false", "yes", "no", "null", "none", "nil", "~", "\"\"", "''"].map { Array($0.utf8) })
    private static let quotes: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    private static let backslash = UInt8(ascii: "\\")
    private static let ends: Set<UInt8> = [0x20, 0x09, 0x0D, 0x2C, 0x3B, 0x7D, 0x5D, 0x29]

    init(_ line: [UInt8], namesSecret: Bool) {
        self.line = line
        self.namesSecret = namesSecret
    }

    mutating func run() {
        while position < line.count {
            let start = position
            while position < line.count, SecretNames.isNameByte(line[position]) { position += 1 }
            if position == start { position += 1 }
            output += line[start..<position]
            if SecretNames.isNameByte(line[start]) { take(start..<position) }
        }
    }

    private mutating func take(_ name: Range<Int>) {
        let isPath = name.lowerBound > 0 && line[name.lowerBound - 1] == UInt8(ascii: "/")
        guard let (separator, value) = separator(after: name) else { return }
        let word = Array(line[name]).lowercased
        let isValue = word.elementsEqual("value".utf8) && namesSecret
        if word.elementsEqual("name".utf8) || word.elementsEqual("key".utf8) {
            namesSecret = SecretNames.isSecret(firstName(from: value))
        } else if !word.elementsEqual("value".utf8) {
            namesSecret = false
        }
        guard isValue || SecretNames.isSecret(line[name]), !(isPath && separator == .colon) else { return }
        output += line[name.upperBound..<value]
        position = value
        remove(separator, of: name)
    }

    /// What stands between a name and its value, and where that begins.
    private func separator(after name: Range<Int>) -> (Separator, value: Int)? {
        var place = name.upperBound
        let isOption = line[name.lowerBound] == UInt8(ascii: "-")
        let blank = skipped(place)
        if isOption, blank > place, blank < line.count, line[blank] != UInt8(ascii: "=") { return (.space, blank) }
        if place < line.count, line[place] == Self.backslash { place += 1 }
        if place < line.count, Self.quotes.contains(line[place]) { place += 1 }
        place = skipped(place)
        if isOption, place < line.count, line[place] == UInt8(ascii: ",") { return (.space, skipped(place + 1)) }
        guard place < line.count else { return nil }
        let isColon = line[place] == UInt8(ascii: ":")
        guard isColon || line[place] == UInt8(ascii: "=") else { return nil }
        if isColon, line[place...].dropFirst().starts(with: "//".utf8) { return nil }
        while place < line.count, [0x3A, 0x3D, 0x3E].contains(line[place]) { place += 1 }
        return (isColon ? .colon : .equals, skipped(place))
    }

    private func skipped(_ place: Int) -> Int {
        line[place...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? line.count
    }

    /// The name that a value begins with, in quotes or not.
    private func firstName(from place: Int) -> ArraySlice<UInt8> {
        line[place...].drop { Self.quotes.contains($0) || $0 == Self.backslash }.prefix(while: SecretNames.isNameByte)
    }

    // MARK: Values

    private mutating func remove(_ separator: Separator, of name: Range<Int>) {
        let column = column(of: name)
        guard position < line.count else {
            if separator == .colon { openColumn = column }
            return
        }
        let word = line[position...].prefix { !Self.ends.contains($0) }
        if Self.harmless.contains(Array(word).lowercased) { return }
        let quote = line[position] == Self.backslash ? position + 1 : position
        if quote < line.count, Self.quotes.contains(line[quote]) {
            output += SecretRemoval.markBytes
            guard let end = quotedEnd(from: quote, isEscaped: quote > position) else {
                (position, openColumn) = (line.count, column)
                return
            }
            position = end
            return
        }
        output += SecretRemoval.markBytes
        switch separator {
        case .space: position = wordEnd(position)
        case .equals where startsLine(name): position = line.count
        case .equals: position = settingEnd()
        case .colon: (position, openColumn) = (line.count, column)
        }
    }

    /// Where a value in quotes has ended, with what is joined to it as shells do.
    private func quotedEnd(from start: Int, isEscaped: Bool) -> Int? {
        let quote = line[start]
        var place = start + 1
        while place < line.count {
            if line[place] == Self.backslash, quote == UInt8(ascii: "\"") {
                if isEscaped, place + 1 < line.count, line[place + 1] == quote { return place + 2 }
                place += 2
                continue
            }
            if line[place] == quote {
                // Two of them are one that is meant, in YAML.
                let isDoubled = quote == UInt8(ascii: "'") && place + 1 < line.count && line[place + 1] == quote
                if !isDoubled { return joined(from: place + 1) }
                place += 1
            }
            place += 1
        }
        return nil
    }

    private func joined(from place: Int) -> Int {
        line[place...].firstIndex { Self.ends.contains($0) || $0 == UInt8(ascii: ":") } ?? line.count
    }

    private func wordEnd(_ place: Int) -> Int {
        line[place...].firstIndex { $0 == 0x20 || $0 == 0x09 || Self.quotes.contains($0) } ?? line.count
    }

    /// Where a setting has ended: before a quote, or the next word that is a setting or an option.
    private func settingEnd() -> Int {
        var place = wordEnd(position)
        while place < line.count, !Self.quotes.contains(line[place]) {
            let start = skipped(place)
            let name = line[start...].prefix(while: SecretNames.isNameByte)
            let isSetting = name.endIndex < line.count && line[name.endIndex] == UInt8(ascii: "=") && !name.isEmpty
            if isSetting || name.starts(with: "--".utf8) { return place }
            place = start < line.count ? max(wordEnd(start), start + 1) : line.count
        }
        return place
    }

    // MARK: Places

    /// The column of a key: behind dashes of a list when it is the first there.
    private func column(of name: Range<Int>) -> Int {
        let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 }.count
        return startsLine(name) ? name.lowerBound : indentation
    }

    private func startsLine(_ name: Range<Int>) -> Bool {
        let before = line[..<name.lowerBound]
        return before.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "-") || Self.quotes.contains($0) }
    }
}
