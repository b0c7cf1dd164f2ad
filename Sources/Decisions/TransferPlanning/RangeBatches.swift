/// Orders ranges so that a source which stops giving ranges never makes a transfer larger than the whole file.
///
/// Such a source can only stream the file from its start, so everything before the last missing byte comes again. Ranges
/// are therefore fetched from the end of the file to its start: what was received lies behind the part that would have to
/// be streamed. The ranges of one batch are fetched at once, in no order; a batch is no larger than the bytes behind it
/// that need not be received at all, which is what may come twice. A range that stands alone is refused before any of it
/// has arrived.
enum RangeBatches {
    /// Groups ranges; batches in the order in which they are to be fetched, each ascending.
    static func make(_ ranges: [Range<Int>], size: Int, fetched: ByteRanges) -> [[Range<Int>]] {
        var batches: [[Range<Int>]] = []
        var batch: [Range<Int>] = []
        var (batchBytes, spared, allowed, position) = (0, 0, 0, size)
        for range in ranges.reversed() {
            if range.upperBound < position {
                let gap = range.upperBound..<position
                spared += gap.count - fetched.count(in: gap)
            }
            if !batch.isEmpty, batchBytes + range.count > allowed {
                batches.append(batch.reversed())
                batch = []
            }
            if batch.isEmpty { (batchBytes, allowed) = (0, spared) }
            batch.append(range)
            batchBytes += range.count
            position = range.lowerBound
        }
        if !batch.isEmpty { batches.append(batch.reversed()) }
        return batches
    }
}
