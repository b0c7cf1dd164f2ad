/// The text in a VMDK that says what it is (Virtual Disk Format 5.0, "Hosted Sparse Extent Header" and "The Descriptor").
package enum VMDKDescriptor {
    /// Bytes from the beginning of the file in which the header tells where the text lies.
    package static let headerLength = 512
    /// The longest text that is looked at, in bytes: QEMU gives it 20 sectors.
    private static let limit: Int64 = 1 << 16

    /// Where the text lies in the file; nil when the header is none of a VMDK with a text inside.
    package static func place(inHeader header: [UInt8]) -> Range<Int64>? {
        guard header.count >= headerLength, header.starts(with: Array("KDMV".utf8)) else { return nil }
        let number = { (place: Int) in header[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        guard let start = Int64(exactly: number(28)), let count = Int64(exactly: number(36)),
            (1...limit).contains(start), (1...limit / 512).contains(count)
        else { return nil }
        return start * 512..<(start + count) * 512
    }

    /// The text with another content id, of eight hexadecimal digits; QEMU writes a random number, without zeros in front.
    ///
    /// - Returns: as many bytes, with more or fewer zeros at the end; nil when there is no such line, or no room.
    package static func replacingContentID(in text: [UInt8], with identifier: String) -> [UInt8]? {
        let digits = Array(identifier.utf8.prefix(8))
        guard digits.count == 8, let place = text.firstRange(of: Array("\nCID=".utf8))?.upperBound,
            let end = text[place...].firstIndex(of: UInt8(ascii: "\n")), (1...8).contains(end - place)
        else { return nil }
        let content = text.prefix { $0 != 0 }.count
        let result = text[..<place] + digits + text[end..<max(end, content)]
        guard result.count <= text.count else { return nil }
        return result + [UInt8](repeating: 0, count: text.count - result.count)
    }
}
