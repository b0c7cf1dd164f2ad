/// Goes through the lines of a text, which end with a line feed, or a carriage return and a line feed.
struct ByteLines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    /// Where the line that was given last began.
    private(set) var start: Int

    init(_ text: ArraySlice<UInt8>) {
        rest = text
        start = text.startIndex
    }

    /// The place behind the line that was given last.
    var position: Int { rest.startIndex }

    /// Gives a line without its end; nil when there is no byte left.
    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        start = rest.startIndex
        guard let end = rest.firstIndex(of: 0x0A) else {
            defer { rest = rest[rest.endIndex...] }
            return rest
        }
        let line = rest[..<end]
        rest = rest[(end + 1)...]
        return line.last == 0x0D ? line.dropLast() : line
    }

    /// Takes white space from both ends, and a byte order mark from the beginning.
    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text
        while let byte = text.first, isSpace(byte) { text.removeFirst() }
        while let byte = text.last, isSpace(byte) { text.removeLast() }
        return text
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension UInt8 {
    /// The small letter of a capital of ASCII, else itself.
    var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
}

extension String {
    /// The text with small letters for the capitals of ASCII alone.
    var asciiLowercased: String { String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self) }
}
