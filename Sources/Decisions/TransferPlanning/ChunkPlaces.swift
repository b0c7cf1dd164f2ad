package import ImageModel

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
