import Testing

@testable import TransferPlanning

@Suite("Fetch plan")
struct FetchPlanTests {
    /// Plans a file of which these parts are missing.
    private static func plan(
        _ size: Int, _ needed: [Range<Int>], fetched: [Range<Int>] = [], policy: FullDownloadPolicy = .allow
    ) -> FetchPlan {
        FetchPlan.make(
            size: size, needed: ByteRanges(needed), fetched: ByteRanges(fetched), hasIndex: true, policy: policy)
    }

    /// The ranges that are requested, ascending.
    private static func ranges(_ plan: FetchPlan) -> [Range<Int>] {
        plan.ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    @Test(
        "exactly 70 percent come by ranges, one byte more as a stream",
        arguments: [
            (100, 70, false), (100, 71, true), (199, 139, false), (199, 140, true), (99, 69, false), (99, 70, true),
        ])
    func threshold(size: Int, missing: Int, isWhole: Bool) {
        let plan = Self.plan(size, [0..<missing])
        #expect(plan.decision == (isWhole ? .whole(0..<missing, .mostlyMissing) : .ranges([[0..<missing]])))
        #expect(plan.estimate == TransferEstimate(of: size, bytes: missing, requests: 1))
    }

    @Test("a gap of 16 KiB is bridged, one of a byte more is not", arguments: [(16_384, true), (16_385, false)])
    func largestGap(gap: Int, isBridged: Bool) {
        let needed = [0..<500_000, (500_000 + gap)..<1_000_000]
        let plan = Self.plan(2_000_000, needed)
        #expect(Self.ranges(plan) == (isBridged ? [0..<1_000_000] : needed))
        #expect(plan.estimate.requests == (isBridged ? 1 : 2))
    }

    @Test(
        "gaps of a fiftieth of what is missing are bridged, one byte more is not", arguments: [(20, true), (21, false)])
    func gapsInAll(gap: Int, isBridged: Bool) {
        let needed = [0..<500, (500 + gap)..<(1_000 + gap)]
        #expect(Self.ranges(Self.plan(2_000, needed)) == (isBridged ? [0..<(1_000 + gap)] : needed))
    }

    @Test("the smallest gaps are bridged first, and of two alike the one in front")
    func order() {
        let needed = [0..<400, 412..<600, 608..<800, 804..<1_032, 1_044..<1_100]
        // A thousand and some are missing: 21 bytes may be bridged, which is 4 and 8, but neither of 12.
        #expect(Self.ranges(Self.plan(2_000, needed)) == [0..<400, 412..<1_032, 1_044..<1_100])
        let alike = [0..<400, 412..<800, 812..<1_024]
        #expect(Self.ranges(Self.plan(2_000, alike)) == [0..<800, 812..<1_024])
    }

    @Test("a gap that was fetched before stays, for nothing is fetched twice")
    func fetchedGap() {
        let needed = [0..<500, 510..<1_000]
        #expect(Self.ranges(Self.plan(2_000, needed, fetched: [505..<506])) == needed)
    }

    @Test(
        "a stream is begun only where it and what was fetched before are no more than the file",
        arguments: [(100, true), (101, false)])
    func streamBesideFetched(fetched: Int, isWhole: Bool) {
        let plan = Self.plan(1_000, [100..<1_000], fetched: [0..<min(fetched, 100), 500..<(500 + fetched - 100)])
        #expect(plan.decision == (isWhole ? .whole(100..<1_000, .mostlyMissing) : .ranges([[100..<1_000]])))
    }

    @Test("a batch is as large as the bytes behind it that are not received, and no larger", arguments: [0, 1])
    func batches(more: Int) {
        // Behind the first two ranges 200 bytes are spared; together they have 200, or one more.
        let needed = [100..<(200 + more), 400..<500, 700..<750]
        let plan = Self.plan(750, needed)
        let together = [[700..<750], [100..<200, 400..<500]]
        #expect(plan.decision == .ranges(more == 0 ? together : [[700..<750], [400..<500], [100..<201]]))
    }

    @Test("bytes that were fetched before do not count as spared")
    func fetchedIsNotSpared() {
        let needed = [100..<200, 400..<500, 700..<750]
        let plan = Self.plan(750, needed, fetched: [600..<601])
        #expect(plan.decision == .ranges([[700..<750], [400..<500], [100..<200]]))
    }

    @Test("what a policy forbids costs the whole file, and only then is refused")
    func refused() {
        let plan = Self.plan(100, [0..<71], policy: .refuse)
        #expect(plan.decision == .refused(.mostlyMissing))
        #expect(plan.estimate == TransferEstimate(of: 100, bytes: 100, requests: 1))
        #expect(Self.plan(100, [0..<70], policy: .refuse).decision == .ranges([[0..<70]]))
    }

    @Test("a source without ranges streams from the first missing byte to the last, or is refused")
    func withoutRanges() {
        let needed = ByteRanges([10..<20, 30..<40])
        let stream = FetchPlan.withoutRanges(size: 100, needed: needed, policy: .allow)
        #expect(stream.decision == .whole(10..<40, .noRanges))
        #expect(stream.estimate == TransferEstimate(of: 100, bytes: 30, requests: 1))
        #expect(FetchPlan.withoutRanges(size: 100, needed: needed, policy: .refuse).decision == .refused(.noRanges))
        #expect(FetchPlan.withoutRanges(size: 100, needed: ByteRanges(), policy: .refuse).decision == .nothing)
    }
}
