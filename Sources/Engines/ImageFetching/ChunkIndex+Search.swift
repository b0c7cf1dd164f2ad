import ImageModel
import TransferPlanning

extension ChunkIndex {
    /// Makes the index of a file whose parts cannot be checked: one chunk, the whole.
    static func whole(size: Int, digest: Digest) -> ChunkIndex {
        var index = ChunkIndex(parameters: .standard, digest: digest)
        if size > 0 { index.append(length: size, digest: digest) }
        return index
    }

    /// The chunks that have bytes in a range.
    func chunks(overlapping range: Range<Int>) -> ArraySlice<Chunk> {
        let first = partition { $0.range.upperBound > range.lowerBound }
        let end = partition { $0.offset >= range.upperBound }
        return chunks[min(first, end)..<end]
    }

    /// The number of chunks before the first for which a condition holds that holds for all later ones.
    private func partition(_ isAfter: (Chunk) -> Bool) -> Int {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(chunks[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
