/// What of something that has bytes and a tag a request gets (RFC 9110 13 and 14).
package enum ContentChoice: Equatable, Sendable {
    /// All of it: 200.
    case whole
    /// One range of it: 206.
    case part(Range<Int>)
    /// Nothing, because the range begins behind its end: 416.
    case unsatisfiable
    /// Nothing, because the client has it already: 304.
    case unchanged

    /// Decides.
    ///
    /// A range counts for `GET` alone (RFC 9110 14.2), and not when `If-Range` names something else. Several ranges at once
    /// are answered by the whole, as a server may; so is what is no range.
    ///
    /// - Parameters:
    ///   - tag: what tells this content from every other, without quotes.
    ///   - size: bytes in all.
    package init(_ request: WebRequest, tag: String, size: Int) {
        if let wanted = request.fields["if-none-match"], EntityTag.list(wanted, holds: tag) {
            self = .unchanged
            return
        }
        guard request.method == "GET", let range = request.fields["range"],
            request.fields["if-range"].map({ EntityTag.isSame($0, as: tag) }) ?? true
        else {
            self = .whole
            return
        }
        self.init(range: range, size: size)
    }

    /// Decides by the value of a `Range` field alone.
    init(range value: String, size: Int) {
        guard let spec = RangeSpec(value) else {
            self = .whole
            return
        }
        switch spec {
        case .from(let first, _) where first >= size: self = .unsatisfiable
        case .from(let first, let last): self = .part(first..<min(last.map { $0 + 1 } ?? size, size))
        case .last(let count): self = count == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - count)..<size)
        }
    }
}

/// One range, as a client spells it.
private enum RangeSpec {
    /// From a byte to another one, or to the end.
    case from(Int, last: Int?)
    /// So many bytes at the end.
    case last(Int)

    /// Reads `bytes=0-9`, `bytes=10-` or `bytes=-5`; nil for several ranges, another unit, and what is malformed.
    init?(_ value: String) {
        let sides = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, sides[0].lowercased() == "bytes", !sides[1].contains(",") else { return nil }
        let ends = sides[1].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
        guard ends.count == 2 else { return nil }
        if ends[0].isEmpty {
            guard let count = Self.number(ends[1]) else { return nil }
            self = .last(count)
            return
        }
        guard let first = Self.number(ends[0]) else { return nil }
        let last = Self.number(ends[1])
        guard ends[1].isEmpty || last.map({ $0 >= first }) == true else { return nil }
        self = .from(first, last: last)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let blanks: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: blanks)
        while text.last.map(blanks) == true { text = text.dropLast() }
        return text
    }

    /// A number of digits alone; one that is beyond all sizes counts as the largest.
    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return min(Int(digits) ?? Int.max, Int.max - 1)
    }
}

/// Compares tags (RFC 9110 8.8.3).
enum EntityTag {
    /// Whether a list has the tag, or `*`; weak tags count as well, which is right where nothing is sent.
    static func list(_ value: String, holds tag: String) -> Bool {
        value.split(separator: ",").contains { entry in
            let text = entry.drop { $0 == " " || $0 == "\t" }
            let bare = text.hasPrefix("W/") ? text.dropFirst(2) : text
            let name = bare.filter { $0 != "\"" && $0 != " " && $0 != "\t" }
            return name == "*" || name == tag
        }
    }

    /// Whether a value is this tag and no weak one; a date never is, for nothing here is told by its date.
    static func isSame(_ value: String, as tag: String) -> Bool { value == "\"\(tag)\"" }
}
