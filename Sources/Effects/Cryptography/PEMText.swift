/// Looks into texts of keys without the standard library's searching for strings in strings, which brings its regular
/// expressions (1.2 MB) into the initramfs.
enum PEMText {
    /// The lines of a text, without white space at their ends.
    static func lines(_ text: String) -> [Substring] {
        text.split { $0.isNewline }.map { line in
            var line = line
            while line.last?.isWhitespace == true { line.removeLast() }
            return line
        }
    }

    /// Whether a text holds another one anywhere.
    static func holds(_ text: some StringProtocol, _ wanted: String) -> Bool {
        let (bytes, wanted) = (Array(text.utf8), Array(wanted.utf8))
        guard bytes.count >= wanted.count else { return false }
        return (0...bytes.count - wanted.count).contains { bytes[$0...].starts(with: wanted) }
    }
}
