import ImageModel
import SeededNumbers
import Testing

@testable import TransferPlanning

/// A wanted file and what of it is on the machine.
struct DeltaCase {
    var index: ChunkIndex
    var places: ChunkPlaces
    var held = ByteRanges()
    var arrived = ByteRanges()
    var fetched = ByteRanges()

    /// Makes an index of chunks with the given content numbers, and local files with others.
    init(_ wanted: [(length: Int, content: Int)], locals: [[(length: Int, content: Int)]] = []) throws {
        index = try Self.index(wanted)
        places = ChunkPlaces(wanted: index)
        for (number, local) in locals.enumerated() { places.add(try Self.index(local), file: number) }
    }

    /// Draws a case: chunks of all sizes, some of them local, some there from earlier.
    init(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...300, using: &generator)
        let localPercent = Int.random(in: 0...100, using: &generator)
        let wanted = (0..<count).map { (Int.random(in: 8192...131_072, using: &generator), $0) }
        let local = wanted.filter { _ in Int.random(in: 0..<100, using: &generator) < localPercent }
        try self.init(wanted, locals: [local.shuffled(using: &generator)])
        let heldPercent = Int.random(in: 0...60, using: &generator)
        for chunk in index.chunks where Int.random(in: 0..<100, using: &generator) < heldPercent {
            switch Int.random(in: 0...2, using: &generator) {
            case 0: held.insert(chunk.range)
            case 1:
                held.insert(chunk.range)
                fetched.insert(chunk.range)
            default:
                let part = chunk.offset..<(chunk.offset + chunk.length / 2)
                arrived.insert(part)
                fetched.insert(part)
            }
        }
    }

    static func index(_ chunks: [(length: Int, content: Int)]) throws -> ChunkIndex {
        var index = ChunkIndex(parameters: .standard, digest: try digest(0))
        for chunk in chunks { index.append(length: chunk.length, digest: try digest(chunk.content)) }
        return index
    }

    static func digest(_ content: Int) throws -> Digest {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? content >> ($0 * 8) : 7) }
        return try #require(Digest(bytes: bytes))
    }

    func plan(_ policy: FullDownloadPolicy = .allow) -> DeltaPlan {
        DeltaPlan.make(
            index, places: places, held: held, arrived: arrived, fetched: fetched, policy: policy)
    }
}

extension FetchPlan {
    /// The ranges that are fetched, whichever way.
    var ranges: [Range<Int>] {
        switch decision {
        case .nothing, .refused: []
        case .ranges(let batches): batches.flatMap { $0 }
        case .whole(let span, _): [span]
        }
    }
}

@Suite("Delta plan")
struct DeltaPlanTests {
    @Test("every byte is covered, none is fetched twice, and never more than the whole comes", arguments: 0..<400)
    func coverage(seed: Int) throws {
        let drawn = try DeltaCase(seed: UInt64(seed))
        let plan = drawn.plan()
        var covered = ByteRanges(drawn.held.ranges + drawn.arrived.ranges)
        for copy in plan.copies {
            let chunk = drawn.index.chunks[copy.chunk]
            #expect(!drawn.held.contains(chunk.range))
            covered.insert(chunk.range)
        }
        let fetched = ByteRanges(plan.fetch.ranges)
        #expect(fetched.count == plan.fetch.ranges.reduce(0) { $0 + $1.count })
        #expect(fetched.count == plan.fetch.estimate.bytes)
        #expect(fetched.count + drawn.fetched.count <= drawn.index.size)
        for range in fetched.ranges { covered.insert(range) }
        #expect(covered.contains(0..<drawn.index.size))
        if case .ranges = plan.fetch.decision {
            #expect(plan.fetch.ranges.allSatisfy { drawn.fetched.count(in: $0) == 0 })
        }
    }

    @Test("ranges that end at any moment leave no more to stream than the whole", arguments: 0..<400)
    func refusal(seed: Int) throws {
        let drawn = try DeltaCase(seed: UInt64(seed))
        guard case .ranges(let batches) = drawn.plan().fetch.decision else { return }
        var generator = SeededGenerator(seed: UInt64(seed))
        var fetched = drawn.fetched
        var missing = ByteRanges(batches.flatMap { $0 })
        for batch in batches {
            // The source answers a random part of the batch and refuses the rest; a lone range it refuses at once.
            let answered = batch.count == 1 ? [] : batch.filter { _ in Bool.random(using: &generator) }
            let received = ByteRanges(fetched.ranges + answered)
            var left = missing
            for range in answered { left.remove(range) }
            // A source without ranges sends from the start of the file.
            let streamed = left.span?.upperBound ?? 0
            // What earlier runs fetched in front of it is beyond the plan; it was within its own bounds.
            let excess = drawn.fetched.count(in: 0..<streamed)
            #expect(received.count + streamed - excess <= drawn.index.size)
            for range in batch {
                fetched.insert(range)
                missing.remove(range)
            }
        }
    }

    @Test("neighbouring chunks make one range, and small gaps are fetched while the sum stays small")
    func merging() throws {
        var wanted = (0..<400).map { (length: 32_768, content: $0) }
        wanted[100].length = 8_192
        let missing: Set = Set([98, 99, 101, 102, 300] + Array(200..<260))
        let local = wanted.enumerated().filter { !missing.contains($0.offset) }.map(\.element)
        let drawn = try DeltaCase(wanted, locals: [local])
        let ranges = drawn.plan().fetch.ranges.sorted { $0.lowerBound < $1.lowerBound }
        #expect(ranges.count == 3)
        #expect(ranges.first?.count == 4 * 32_768 + 8_192)
        #expect(drawn.plan().fetch.estimate.requests == 3)
    }

    @Test("above 70 percent the rest is streamed, unless the policy forbids it", arguments: [(70, false), (71, true)])
    func threshold(percent: Int, isWhole: Bool) throws {
        let wanted = (0..<100).map { (length: 10_000, content: $0) }
        let drawn = try DeltaCase(wanted, locals: [Array(wanted.dropFirst(percent))])
        #expect((drawn.plan().fetch.decision == .whole(0..<(percent * 10_000), .mostlyMissing)) == isWhole)
        #expect((drawn.plan(.refuse).fetch.decision == .refused(.mostlyMissing)) == isWhole)
        #expect(drawn.plan().copies.map(\.chunk) == Array(percent..<100))
    }

    @Test("what lies inside of the stream comes with it and is not copied; what lies beside it is")
    func inside() throws {
        let wanted = (0..<100).map { (length: 10_000, content: $0) }
        let local = wanted.filter { $0.content == 0 || $0.content == 40 || $0.content >= 90 }
        let plan = try DeltaCase(wanted, locals: [local]).plan()
        #expect(plan.fetch.decision == .whole(10_000..<900_000, .mostlyMissing))
        #expect(plan.copies.map(\.chunk) == [0] + Array(90..<100))
    }

    @Test("a file without an index is copied when it is here and streamed when it is not")
    func noIndex() throws {
        let here = try DeltaCase([(1_000_000, 1)], locals: [[(1_000_000, 1)]])
        let plan = DeltaPlan.make(here.index, hasIndex: false, places: here.places, policy: .refuse)
        #expect(plan.fetch.decision == .nothing && plan.copies.count == 1)
        let gone = try DeltaCase([(1_000_000, 1)])
        let whole = DeltaPlan.make(gone.index, hasIndex: false, places: gone.places)
        #expect(whole.fetch.decision == .whole(0..<1_000_000, .noIndex))
        let rest = DeltaPlan.make(
            gone.index, hasIndex: false, places: gone.places, arrived: ByteRanges([0..<400_000]),
            fetched: ByteRanges([0..<400_000]))
        #expect(rest.fetch.decision == .whole(400_000..<1_000_000, .noIndex))
    }

    @Test("a chunk that several local files have is taken from the first, at its first place there")
    func firstPlace() throws {
        let locals = [[(9_000, 3), (10_000, 2)], [(10_000, 1), (10_000, 2), (10_000, 1)]]
        let drawn = try DeltaCase([(10_000, 1), (10_000, 2), (10_000, 1)], locals: locals)
        #expect(drawn.places.place(of: 0) == ChunkPlace(file: 1, offset: 0))
        #expect(drawn.places.place(of: 1) == ChunkPlace(file: 0, offset: 9_000))
        #expect(drawn.places.place(of: 2) == ChunkPlace(file: 1, offset: 0))
        #expect(drawn.places.place(of: 3) == nil)
    }

    @Test("a local chunk of the same digest and another length is not taken")
    func length() throws {
        let drawn = try DeltaCase([(10_000, 1), (10_000, 2)], locals: [[(9_000, 1), (10_000, 2)]])
        #expect(drawn.places.place(of: 0) == nil)
        #expect(drawn.places.place(of: 1) == ChunkPlace(file: 0, offset: 9_000))
    }
}
