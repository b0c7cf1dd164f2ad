/// Which part of a list a client wants (distribution specification, "Listing Tags").
package struct PageWish: Equatable, Sendable {
    /// The most entries of one answer; a longer list is read page by page.
    package static let maximum = 1_000

    /// The most entries; nil for as many as an answer may have.
    package var count: Int?
    /// The entry behind which the page begins; nil for the first page.
    package var last: String?

    /// States a wish.
    package init(count: Int? = nil, last: String? = nil) { (self.count, self.last) = (count, last) }

    /// Reads `n` and `last` of a query.
    ///
    /// - Throws: `ServingRefusal` when `n` is no whole number.
    init(_ query: [String: String]) throws(ServingRefusal) {
        last = query["last"]
        guard let text = query["n"] else { return }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .badPage }
        count = Int(text) ?? Self.maximum
    }
}

/// A part of a list, and whether more follows.
package struct ListPage: Equatable, Sendable {
    /// The entries, sorted.
    package let names: [String]
    /// Whether others follow.
    package let isContinued: Bool

    /// Cuts a page out of a list.
    package init(of names: some Sequence<String>, _ wish: PageWish) {
        let rest = names.filter { name in wish.last.map { $0 < name } ?? true }.sorted()
        let count = min(wish.count ?? PageWish.maximum, PageWish.maximum)
        self.names = Array(rest.prefix(count))
        // Who asks for nothing would ask for ever.
        isContinued = count > 0 && rest.count > count
    }
}
