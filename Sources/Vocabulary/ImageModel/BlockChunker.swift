/// Cuts a root file into chunks where its compressed blocks end, and by content where there are no blocks.
///
/// A compressed block is the same in two images or all of it is another one, so no byte beside a change is transferred in
/// vain. What lies between two places and is longer than a block, such as tables, is cut by `ContentChunker`.
package struct BlockChunker: Sendable {
    /// The size limits of an index that was made with blocks of so many bytes at most; nil when they are too large.
    ///
    /// The minimum tells such an index from one that was cut by content alone, whose minimum is larger.
    package static func parameters(blockSize: Int) -> ContentChunker.Parameters? {
        ContentChunker.Parameters(
            minimum: minimum, mean: ContentChunker.Parameters.standard.mean,
            maximum: max(blockSize, ContentChunker.Parameters.standard.maximum) + minimum)
    }

    /// The smallest chunk in bytes: smaller blocks are joined to what follows.
    package static let minimum = 64

    /// The size limits that an index of these chunks states.
    package let parameters: ContentChunker.Parameters
    /// Bytes of the unfinished chunk seen so far.
    package private(set) var pending = 0

    private let places: [Int]
    private var next = 0
    private var position = 0
    private var byContent: ContentChunker

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - parameters: the size limits to keep to; when they are those of content alone, places are not looked at.
    ///   - places: where blocks begin and end, in any order.
    package init(_ parameters: ContentChunker.Parameters, places: [Int]) {
        self.parameters = parameters
        let isByBlocks = parameters.minimum == Self.minimum
        self.places = isByBlocks ? places.filter { $0 > 0 }.sorted() : []
        byContent = ContentChunker(isByBlocks ? Self.inner(parameters) : parameters)
    }

    /// Leaves room for a small block in front of a chunk.
    private static func inner(_ parameters: ContentChunker.Parameters) -> ContentChunker.Parameters {
        ContentChunker.Parameters(
            minimum: min(ContentChunker.Parameters.standard.minimum, parameters.mean), mean: parameters.mean,
            maximum: parameters.maximum - minimum) ?? parameters
    }

    /// Takes bytes from `start` on up to the end of the current chunk or of the span, whichever comes first.
    ///
    /// - Returns: the index after the chunk's last byte, or nil when the chunk goes on in the next span.
    package mutating func boundary(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index >= 0, index < bytes.count {
            while next < places.count, places[next] <= position { next += 1 }
            let place = next < places.count ? places[next] : Int.max
            let end = index + min(bytes.count - index, place - position)
            let isBlock = next < places.count && place - segmentStart <= parameters.maximum - Self.minimum
            let cut = isBlock ? nil : byContent.boundary(in: bytes.extracting(0..<end), from: index)
            let stop = cut ?? end
            pending += stop - index
            position += stop - index
            index = stop
            if cut != nil { return finish(index) }
            if position == place {
                byContent = ContentChunker(byContent.parameters)
                if pending >= Self.minimum { return finish(index) }
            }
        }
        return nil
    }

    /// Where the current stretch between two places begins.
    private var segmentStart: Int { next > 0 ? places[next - 1] : 0 }

    private mutating func finish(_ index: Int) -> Int {
        pending = 0
        return index
    }
}
