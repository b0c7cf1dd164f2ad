/// Holds status and headers of an answer.
package struct HTTPHead: Equatable, Sendable {
    /// The most bytes of headers accepted.
    static let longest = 128 << 10

    /// Status code, 100 to 599; 0 before the first line came.
    package private(set) var status = 0
    /// The address that answered, after all redirects.
    package let address: HTTPAddress
    /// Names in lower case, and values without the white space around them, in the order in which they came.
    package private(set) var headers: [(name: String, value: String)] = []

    init(from address: HTTPAddress) { self.address = address }

    /// The first value of a header; names are compared without case.
    package subscript(name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name == name }?.value
    }

    /// All values of a header.
    package func values(_ name: String) -> [String] {
        let name = name.lowercased()
        return headers.filter { $0.name == name }.map(\.value)
    }

    /// The media type without parameters, lower case; empty when there is none.
    package var mediaType: String {
        let value = self["Content-Type"] ?? ""
        return String(value.prefix { $0 != ";" && $0 != " " }).lowercased()
    }

    /// The length that the server announced.
    package var contentLength: Int? { self["Content-Length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

    /// The bytes that a 206 holds and the size of the whole (`*` is nil), from `Content-Range: bytes 5-9/100`.
    ///
    /// nil when the header is missing or says something impossible. The format is that of RFC 9110 section 14.4.
    package var contentRange: (range: Range<Int>, total: Int?)? {
        guard let value = self["Content-Range"], value.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = value.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        let ends = (parts.first ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, ends.count == 2, let first = ends[0], let last = ends[1], first >= 0, first <= last,
            last < Int.max
        else { return nil }
        let total = parts[1] == "*" ? nil : Int(parts[1])
        guard parts[1] == "*" || (total ?? 0) > last else { return nil }
        return (first..<last + 1, total)
    }

    /// Whether the answer only says where to look.
    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) && self["Location"] != nil }

    /// Takes one header line; a status line begins anew (after 100 or a proxy's answer).
    mutating func take(line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            headers = []
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = text.firstIndex(of: ":") {
            let name = Self.trimmed(text[..<colon]).lowercased()
            headers.append((name, Self.trimmed(text[text.index(after: colon)...])))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return String(text)
    }

    /// Compares all parts.
    package static func == (left: HTTPHead, right: HTTPHead) -> Bool {
        left.status == right.status && left.address == right.address
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }
}
