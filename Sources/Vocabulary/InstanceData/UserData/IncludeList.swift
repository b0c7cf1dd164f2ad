/// Reads the addresses of an `#include` text: one a line, besides comments and empty lines.
struct IncludeList {
    /// The addresses in order.
    private(set) var addresses: [String] = []
    /// Lines that are no addresses that are fetched.
    private(set) var refused: [String] = []

    init(_ text: [UInt8]) {
        for line in ByteLines(text[...]) {
            var words = String(decoding: ByteLines.trimmed(line), as: UTF8.self)
            // cloud-init takes an address on the line of the header, too.
            for header in ["#include-once", "#include"] where words.asciiLowercased.hasPrefix(header) {
                words = String(words.dropFirst(header.count).drop { $0 == " " })
                break
            }
            if words.isEmpty || words.hasPrefix("#") { continue }
            if Self.isFetched(words) { addresses.append(words) } else { refused.append(words) }
        }
    }

    private static func isFetched(_ text: String) -> Bool {
        let small = text.asciiLowercased
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        return ["http://", "https://"].contains { small.hasPrefix($0) && small.utf8.count > $0.utf8.count }
    }
}
