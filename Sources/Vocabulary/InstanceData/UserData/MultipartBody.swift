/// Splits the body of a multipart message at its delimiters (RFC 2046, section 5.1.1).
struct MultipartBody {
    /// The parts, each with its header; what stands before the first and behind the last delimiter is dropped.
    private(set) var parts: [ArraySlice<UInt8>] = []
    /// Whether the closing delimiter is there; else the text is cut, and the last part with it.
    private(set) var isClosed = false

    /// Splits; no more than `limit` parts and one are made.
    init(_ body: ArraySlice<UInt8>, boundary: String, limit: Int) {
        let delimiter = Array("--\(boundary)".utf8)
        var lines = ByteLines(body)
        var start: Int?
        while let line = lines.next(), parts.count <= limit {
            guard line.starts(with: delimiter) else { continue }
            let rest = ByteLines.trimmed(line.dropFirst(delimiter.count))
            let isLast = rest.elementsEqual("--".utf8)
            guard rest.isEmpty || isLast else { continue }
            if let start { parts.append(Self.withoutLastLineEnd(body[start..<max(start, lines.start)])) }
            start = lines.position
            isClosed = isLast
            if isLast { return }
        }
        if let start { parts.append(body[start...]) }
    }

    /// The end of the line before a delimiter belongs to the delimiter.
    private static func withoutLastLineEnd(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard part.last == 0x0A else { return part }
        let part = part.dropLast()
        return part.last == 0x0D ? part.dropLast() : part
    }
}
