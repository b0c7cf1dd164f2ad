extension WebAnswer {
    /// Answers with something that has bytes and a tag, or with the part of it that the request is about.
    ///
    /// - Parameters:
    ///   - tag: what tells this content from every other, without quotes.
    ///   - size: bytes in all.
    ///   - fields: what is said of it besides.
    package init(
        to request: WebRequest, _ content: any WebContent, tag: String, size: Int,
        fields: [(name: String, value: String)]
    ) {
        let common = [(name: "ETag", value: "\"\(tag)\"")] + fields
        switch ContentChoice(request, tag: tag, size: size) {
        case .unchanged:
            self.init(304, common.filter { $0.name != "Content-Type" })
            length = nil
        case .unsatisfiable: self.init(416, common + [("Content-Range", "bytes */\(size)")])
        case .whole: self.init(200, common + [Self.ranges], content, 0..<size)
        case .part(let range):
            let place = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            self.init(206, common + [Self.ranges, ("Content-Range", place)], content, range)
        }
        if request.wantsHeadAlone { body = .none }
    }

    private static let ranges = (name: "Accept-Ranges", value: "bytes")

    private init(
        _ status: Int, _ fields: [(name: String, value: String)], _ content: any WebContent, _ range: Range<Int>
    ) {
        self.init(status, fields)
        if !range.isEmpty { body = .content(content, range) }
        length = range.count
    }
}

/// Content that is in memory already.
package struct HeldContent: WebContent {
    private let held: [UInt8]

    /// Holds bytes.
    package init(_ bytes: [UInt8]) { held = bytes }

    /// The bytes of a range; fewer when it goes beyond the end.
    package func bytes(at offset: Int, count: Int) -> [UInt8] {
        Array(held[min(offset, held.count)..<min(offset + count, held.count)])
    }
}
