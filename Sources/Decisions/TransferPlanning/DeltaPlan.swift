package import ImageModel

/// Says which bytes of a file are copied from local files and which are fetched.
package struct DeltaPlan: Equatable, Sendable {
    /// Copies one chunk.
    package struct Copy: Equatable, Sendable {
        /// Number of the chunk in the wanted file's index.
        package var chunk: Int
        /// Where it lies.
        package var place: ChunkPlace
    }

    /// The chunks to copy, in the order of the wanted file; none inside of what is streamed.
    package var copies: [Copy]
    /// What comes over the network when all copies succeed.
    package var fetch: FetchPlan

    /// Plans how to get a file.
    ///
    /// - Parameters:
    ///   - index: the chunks of the wanted file; one chunk, the whole, when there is no real index.
    ///   - hasIndex: whether there is a real index.
    ///   - places: where its chunks lie on this machine.
    ///   - held: what is in place and verified.
    ///   - arrived: what is in place and not verified yet, because its chunk is not complete.
    ///   - fetched: the bytes of those that came over the network.
    package static func make(
        _ index: ChunkIndex, hasIndex: Bool = true, places: ChunkPlaces, held: ByteRanges = ByteRanges(),
        arrived: ByteRanges = ByteRanges(), fetched: ByteRanges = ByteRanges(), policy: FullDownloadPolicy = .allow
    ) -> DeltaPlan {
        var copies: [Copy] = []
        var here = held
        for (number, chunk) in index.chunks.enumerated() {
            let range = chunk.range
            guard !held.contains(range), let place = places.place(of: number) else { continue }
            copies.append(Copy(chunk: number, place: place))
            here.insert(range)
        }
        for range in arrived.ranges { here.insert(range) }
        let fetch = FetchPlan.make(
            size: index.size, needed: ByteRanges(here.missing(in: 0..<index.size)), fetched: fetched,
            hasIndex: hasIndex, policy: policy)
        // What lies inside of the stream comes with it.
        if case .whole(let span, _) = fetch.decision {
            copies.removeAll { index.chunks[$0.chunk].range.overlaps(span) }
        }
        return DeltaPlan(copies: copies, fetch: fetch)
    }
}

extension ChunkIndex.Chunk {
    /// The bytes of the file that the chunk covers.
    package var range: Range<Int> { offset..<(offset + length) }
}

/// Says where on this machine a chunk lies.
package struct ChunkPlace: Equatable, Sendable {
    /// Number of the local file, as the caller counts them.
    package var file: Int
    /// Byte offset in that file.
    package var offset: Int

    /// Names a place.
    package init(file: Int, offset: Int) {
        self.file = file
        self.offset = offset
    }
}

/// Finds the chunks of a wanted file in the indices of local files.
///
/// The local indices are looked at one after the other and not kept, so that memory does not grow with their number.
package struct ChunkPlaces: Sendable {
    private let wanted: [ChunkIndex.Chunk]
    /// The first chunk of the wanted file with that digest.
    private let numbers: [Digest: Int]
    private var places: [ChunkPlace?]

    /// Begins a search for the chunks of a file.
    package init(wanted index: ChunkIndex) {
        wanted = index.chunks
        places = Array(repeating: nil, count: index.chunks.count)
        var numbers: [Digest: Int] = [:]
        numbers.reserveCapacity(index.chunks.count)
        for (number, chunk) in index.chunks.enumerated() where numbers[chunk.digest] == nil {
            numbers[chunk.digest] = number
        }
        self.numbers = numbers
    }

    /// Looks a local file's chunks up; places that are known already stay.
    package mutating func add(_ index: ChunkIndex, file: Int) {
        for chunk in index.chunks {
            guard let number = numbers[chunk.digest], wanted[number].length == chunk.length, places[number] == nil
            else { continue }
            places[number] = ChunkPlace(file: file, offset: chunk.offset)
        }
    }

    /// The place of a chunk of the wanted file; nil when no local file has it.
    package func place(of chunk: Int) -> ChunkPlace? {
        guard wanted.indices.contains(chunk), let number = numbers[wanted[chunk].digest],
            wanted[number].length == wanted[chunk].length
        else { return nil }
        return places[number]
    }
}
