import FleetModel
import ImageModel
import ReleaseModel
import Testing

@Suite("A fleet, replayed")
struct FleetSimulationTests {
    static let poll = RequestTrace([TracedRequest("/v2/c/manifests/stable", sent: 300, received: 200, status: 304)])
    static let renewed = RequestTrace([
        TracedRequest("/v2/c/manifests/stable", sent: 300, received: 700),
        TracedRequest("/v2/c/blobs/sha256:1", sent: 250, received: 500),
    ])
    static let fix = RequestTrace([
        TracedRequest("/v2/os/manifests/sha256:2", sent: 250, received: 2_000),
        TracedRequest("/v2/os/referrers/sha256:2", sent: 250, received: 300),
        TracedRequest("/v2/os/blobs/sha256:3 bytes=0-9", sent: 250, received: 1_000_000),
    ])
    static let traces = RecordedTraces(server: "s", traces: [.poll: poll, .renewed: renewed, .fix: fix])

    static func fleet(_ change: (inout Fleet) -> Void = { _ in }) -> Fleet {
        var fleet = Fleet()
        (fleet.machines, fleet.interval, fleet.jitter, fleet.horizon) = (1_000, 100, 100, 1_000)
        (fleet.mirrors, fleet.edges, fleet.edgeLifetime) = (10, 4, 50)
        change(&fleet)
        return fleet
    }

    static func run(
        _ front: FleetSimulation.Front, _ rollout: Rollout = .atOnce, _ change: (inout Fleet) -> Void = { _ in }
    ) -> FleetSimulation.Result {
        FleetSimulation(fleet(change), traces, rollout, image: .fix, shares: Rollout.shares(machines: 1_000)).run(front)
    }

    @Test("machines that find nothing ask once in each interval, spread or all at once")
    func quiet() {
        let spread = Self.run(.nothing, .none).registry
        #expect(spread.total == 10_000 && spread.mean == 10 && spread.peak < 40)
        #expect(abs(spread.bytes.total - 10_000 * 200) < 1)
        #expect(Self.run(.nothing, .none) { $0.jitter = 0 }.registry.peak == 1_000)
    }

    @Test("everyone upgrades once when a release is rolled out to all, and all bytes of it are counted")
    func upgraded() {
        let result = Self.run(.nothing)
        #expect(result.upgraded == 1_000)
        #expect(result.registry.total == 10_000 + 1_000 * 5)
        #expect(abs(result.registry.bytes.total - (10_000 * 200 + 1_000 * (1_200 + 1_002_300))) < 10)
    }

    @Test("a mirror fetches once what has a digest, and passes on what may change")
    func mirrors() {
        let result = Self.run(.mirrors)
        // Polls and lists from all machines; document, manifest and blob from each mirror.
        #expect(result.registry.total == 10_000 + 1_000 * 2 + 10 * 3)
        #expect(result.front.total == 1_000 + 100 * 5, "a mirror has a tenth of the machines")
    }

    @Test("a place of a network asks for what may change no more often than it keeps it")
    func network() {
        let result = Self.run(.network)
        let lists = 4 * (1_000 / 50 + 2) * 3
        #expect(result.registry.total <= lists + 4 * 3 && result.registry.total >= 4 * 1_000 / 50)
        #expect(result.front.total == 2_500 + 250 * 5)
    }

    @Test("who is in a rollout is what the agent decides", arguments: [0, 1, 50, 100])
    func decision(percent: Int) throws {
        let digest = try #require(Rollout.release)
        var release = ChannelRelease(version: "2", sequence: 2, digest: digest)
        release.rollout = percent
        let time = try #require(UTCTime("2026-11-01T00:00:00Z"))
        let channel = ChannelDocument(name: "c", issued: time, expires: time, releases: [release])
        let taken = (0..<1_000).count { number in
            channel.choice(installed: 1, machineID: Fleet.machineID(number)) == .release(release, isStep: false)
        }
        #expect([taken] == Rollout.counts(Rollout.shares(machines: 1_000), percents: [percent]))
        let stages = Self.run(.nothing, Rollout([(0, percent)])).upgraded
        #expect(stages == taken)
    }

    @Test("100,000 made-up machines are spread evenly: each percent has its hundredth, within a twentieth")
    func even() {
        let counts = Rollout.counts(Rollout.shares(machines: 100_000), percents: [1, 10, 50, 100])
        for (count, percent) in zip(counts, [1, 10, 50, 100]) {
            #expect(abs(count - percent * 1_000) <= percent * 50 + 50, "\(percent): \(count)")
        }
        #expect(Set((0..<1_000).map(Fleet.machineID)).count == 1_000)
        #expect(Fleet.machineID(7).count == 32)
    }

    @Test("a long answer is spread over the seconds that it takes")
    func long() {
        var load = FleetLoad(seconds: 10)
        load.add(2, at: 1.5, bytes: 100, taking: 3)
        #expect(load.peak == 2 && load.total == 2)
        #expect(load.bytes.total == 200 && load.bytes.peak == 50)
        load.add(1, at: 9, bytes: 100, taking: 9)
        #expect(abs(load.bytes.total - 200 - 100 / 9) < 0.001, "what lies behind the end is not counted")
        load.add(1, at: 10, bytes: 100, taking: 1)
        #expect(load.total == 3)
    }

    @Test("what the proxy noted is read, and what has a digest is told from what may change")
    func recorded() throws {
        let text = """
            {"s": {"poll": [{"method": "GET", "path": "/v2/c/manifests/stable", "sent": 3, "range": null, "status": 304,
            "received": 2}], "fix": [{"path": "/v2/os/blobs/sha256:1", "sent": 4, "range": "bytes=0-9", "status": 206,
            "received": 99}, {"path": "no answer", "sent": 4}]}}
            """
        let all = try RecordedTraces.read(Array(text.utf8))
        let first = try #require(all.first)
        #expect(all.count == 1 && first.server == "s" && first[.full].requests.isEmpty)
        #expect(
            first[.poll] == RequestTrace([TracedRequest("/v2/c/manifests/stable", sent: 3, received: 2, status: 304)]))
        #expect(first[.fix].requests.map(\.name) == ["/v2/os/blobs/sha256:1 bytes=0-9"])
        #expect(first[.fix].requests.map(\.isFixed) == [true] && first[.poll].requests.map(\.isFixed) == [false])
        #expect(first[.fix].sent == 4 && first[.fix].received == 99)
        #expect(!TracedRequest("/v2/os/referrers/sha256:1", sent: 1, received: 1).isFixed)
    }
}
