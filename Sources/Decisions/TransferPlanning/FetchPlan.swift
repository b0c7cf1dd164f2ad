/// Says whether a root file may be fetched whole.
package enum FullDownloadPolicy: Equatable, Sendable {
    /// It may, when too much is missing or the source has no ranges.
    case allow
    /// It may not: the link is metered.
    case refuse
}

/// Decides which bytes of a file come over the network, and how.
package struct FetchPlan: Equatable, Sendable {
    /// Why a file is streamed in order instead of by ranges.
    package enum WholeReason: Equatable, Sendable {
        /// There is no chunk index.
        case noIndex
        /// More than `mostlyMissing` percent are missing.
        case mostlyMissing
        /// The source has no ranges.
        case noRanges
    }

    /// What is to be done.
    package enum Decision: Equatable, Sendable {
        /// Nothing: all bytes are here.
        case nothing
        /// Fetch batches of ranges, one batch after the other; the ranges of a batch may be fetched at once.
        case ranges([[Range<Int>]])
        /// Stream from the first missing byte to the last.
        case whole(Range<Int>, WholeReason)
        /// The policy forbids what would have to be done.
        case refused(WholeReason)
    }

    /// Percent of the file above which the missing part is not worth its requests (docs/delta.md).
    package static let mostlyMissing = 70
    /// The largest gap between two ranges in bytes that is fetched as well, to save a request with its headers.
    package static let bridgedGap = 16 << 10
    /// Bytes of gaps that may be fetched: one in so many of what is missing.
    package static let bridgedPart = 50

    /// What is to be done.
    package var decision: Decision
    /// What it costs.
    package var estimate: TransferEstimate

    /// Plans the transfer of a file.
    ///
    /// What is fetched now and was fetched before never adds up to more than the size of the file.
    ///
    /// - Parameters:
    ///   - size: bytes in the file.
    ///   - needed: the bytes that are not here.
    ///   - fetched: the bytes that came over the network before, in this or an earlier run.
    ///   - hasIndex: whether parts of the file can be checked.
    package static func make(
        size: Int, needed: ByteRanges, fetched: ByteRanges, hasIndex: Bool, policy: FullDownloadPolicy
    ) -> FetchPlan {
        guard let span = needed.span else { return FetchPlan(decision: .nothing, estimate: TransferEstimate(of: size)) }
        if let reason = wholeReason(size, needed, hasIndex: hasIndex) {
            if policy == .refuse { return refusal(reason, size: size) }
            if reason == .noIndex || span.count <= size - fetched.count { return stream(span, reason, size: size) }
        }
        let ranges = bridged(needed, without: fetched)
        let bytes = ranges.reduce(0) { $0 + $1.count }
        return FetchPlan(
            decision: .ranges(RangeBatches.make(ranges, size: size, fetched: fetched)),
            estimate: TransferEstimate(of: size, bytes: bytes, requests: ranges.count))
    }

    /// Plans what is left when the source turned out to have no ranges.
    package static func withoutRanges(size: Int, needed: ByteRanges, policy: FullDownloadPolicy) -> FetchPlan {
        guard let span = needed.span else { return FetchPlan(decision: .nothing, estimate: TransferEstimate(of: size)) }
        return policy == .refuse ? refusal(.noRanges, size: size) : stream(span, .noRanges, size: size)
    }

    private static func wholeReason(_ size: Int, _ needed: ByteRanges, hasIndex: Bool) -> WholeReason? {
        if !hasIndex { return .noIndex }
        return needed.count > size / 100 * mostlyMissing + size % 100 * mostlyMissing / 100 ? .mostlyMissing : nil
    }

    private static func stream(_ span: Range<Int>, _ reason: WholeReason, size: Int) -> FetchPlan {
        FetchPlan(
            decision: .whole(span, reason), estimate: TransferEstimate(of: size, bytes: span.count, requests: 1))
    }

    private static func refusal(_ reason: WholeReason, size: Int) -> FetchPlan {
        FetchPlan(decision: .refused(reason), estimate: TransferEstimate(of: size, bytes: size, requests: 1))
    }

    /// Joins ranges over small gaps, the smallest gaps first, as long as the sum stays small.
    ///
    /// A gap with bytes that were fetched before stays: nothing is fetched twice.
    private static func bridged(_ needed: ByteRanges, without fetched: ByteRanges) -> [Range<Int>] {
        var gaps = zip(needed.ranges, needed.ranges.dropFirst()).map { $0.upperBound..<$1.lowerBound }
        gaps.removeAll { $0.count > bridgedGap || fetched.count(in: $0) > 0 }
        gaps.sort { ($0.count, $0.lowerBound) < ($1.count, $1.lowerBound) }
        var (result, left) = (needed, needed.count / bridgedPart)
        for gap in gaps {
            left -= gap.count
            if left < 0 { break }
            result.insert(gap)
        }
        return result.ranges
    }
}

/// Says what a transfer costs.
package struct TransferEstimate: Equatable, Sendable {
    /// Size of what is wanted in bytes.
    package var size: Int
    /// Bytes to receive.
    package var bytes: Int
    /// Requests to send, without those for credentials.
    package var requests: Int

    /// States a cost; nothing unless given.
    package init(of size: Int, bytes: Int = 0, requests: Int = 0) {
        self.size = size
        self.bytes = bytes
        self.requests = requests
    }

    /// Adds the cost of another file.
    package static func + (left: Self, right: Self) -> Self {
        TransferEstimate(
            of: left.size + right.size, bytes: left.bytes + right.bytes, requests: left.requests + right.requests)
    }
}

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
