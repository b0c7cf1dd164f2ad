import Faults
import ImageModel
import ReleaseModel
import Testing

@Suite("What a channel has for a machine")
struct ChannelSelectionTests {
    static func digest(_ number: Int64) throws -> Digest {
        try #require(Digest(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32)))
    }

    static func release(_ sequence: Int64, minimum: Int64? = nil, rollout: Int = 100) throws -> ChannelRelease {
        var release = ChannelRelease(version: "\(sequence).0", sequence: sequence, digest: try digest(sequence))
        release.minimumSequence = minimum
        release.rollout = rollout
        return release
    }

    static func channel(_ releases: [ChannelRelease]) throws -> ChannelDocument {
        ChannelDocument(
            name: "stable", issued: try #require(UTCTime("2026-11-01T00:00:00Z")),
            expires: try #require(UTCTime("2026-12-01T00:00:00Z")), releases: releases)
    }

    @Test("the newest release is chosen, whatever the order in the document")
    func newest() throws {
        let channel = try Self.channel([Self.release(1), Self.release(3), Self.release(2)])
        #expect(channel.choice(installed: 1, machineID: "m") == .release(try Self.release(3), isStep: false))
        #expect(channel.choice(installed: nil, machineID: "m") == .release(try Self.release(3), isStep: false))
        #expect(channel.choice(installed: 3, machineID: "m") == .upToDate)
        #expect(channel.choice(installed: 9, machineID: "m") == .upToDate)
        #expect(try Self.channel([]).choice(installed: 1, machineID: "m") == .upToDate)
    }

    @Test("a release that needs another one first is reached by way of it")
    func steps() throws {
        let channel = try Self.channel([Self.release(5, minimum: 3), Self.release(3), Self.release(2)])
        #expect(channel.choice(installed: 2, machineID: "m") == .release(try Self.release(3), isStep: true))
        #expect(
            channel.choice(installed: 3, machineID: "m") == .release(try Self.release(5, minimum: 3), isStep: false))
        let broken = try Self.channel([Self.release(5, minimum: 3)])
        #expect(broken.choice(installed: 2, machineID: "m") == .unreachable(try Self.release(5, minimum: 3)))
    }

    @Test("a release that is rolled out to nobody is held back, and an older one is taken instead")
    func rollout() throws {
        let held = try Self.channel([Self.release(2, rollout: 0)])
        #expect(held.choice(installed: 1, machineID: "m") == .held(try Self.release(2, rollout: 0)))
        let both = try Self.channel([Self.release(3, rollout: 0), Self.release(2)])
        #expect(both.choice(installed: 1, machineID: "m") == .release(try Self.release(2), isStep: false))
        #expect(both.choice(installed: 2, machineID: "m") == .held(try Self.release(3, rollout: 0)))
        let unknown = held.choice(installed: nil, machineID: "m", allowingDowngrade: true)
        #expect(unknown == .held(try Self.release(2, rollout: 0)))
    }

    @Test("an older release is chosen only when a downgrade is allowed")
    func downgrade() throws {
        let channel = try Self.channel([Self.release(2)])
        #expect(channel.choice(installed: 3, machineID: "m") == .upToDate)
        let allowed = channel.choice(installed: 3, machineID: "m", allowingDowngrade: true)
        #expect(allowed == .release(try Self.release(2), isStep: false))
        #expect(channel.choice(installed: 2, machineID: "m", allowingDowngrade: true) == .upToDate)
    }

    @Test("who has the newest stays there, also where an older release may be chosen")
    func staysAtNewest() throws {
        let channel = try Self.channel([Self.release(3), Self.release(2), Self.release(1)])
        #expect(channel.choice(installed: 3, machineID: "m", allowingDowngrade: true) == .upToDate)
        let second = channel.choice(installed: 2, machineID: "m", allowingDowngrade: true)
        #expect(second == .release(try Self.release(3), isStep: false))
    }

    @Test(
        "a release reaches the machines whose share is below its rollout",
        arguments: [
            ("machine-153", 0, false), ("machine-153", 1, true), ("machine-53", 24, false), ("machine-53", 25, true),
            ("machine-240", 25, false), ("machine-240", 26, true), ("machine-98", 99, false), ("machine-98", 100, true),
        ])
    func boundary(_ machine: String, _ rollout: Int, _ isReached: Bool) throws {
        let release = try Self.release(2, rollout: rollout)
        let choice = try Self.channel([release]).choice(installed: 1, machineID: machine)
        #expect(choice == (isReached ? .release(release, isStep: false) : .held(release)))
    }

    @Test("a rollout of a quarter reaches about a quarter of the machines, and others of the next release")
    func shares() throws {
        let machines = (0..<4000).map { "machine-\($0)" }
        let (first, second) = (try Self.release(1, rollout: 25), try Self.release(2, rollout: 25))
        let chosen = try machines.filter { machine in
            try Self.channel([first]).choice(installed: 0, machineID: machine) == .release(first, isStep: false)
        }
        let next = try machines.filter { machine in
            try Self.channel([second]).choice(installed: 1, machineID: machine) == .release(second, isStep: false)
        }
        #expect(chosen.count == 957 && next.count == 1040)
        #expect(Set(chosen).intersection(next).count == 243)
    }

    @Test("the share of a machine never changes")
    func stable() throws {
        let id = "0123456789abcdef0123456789abcdef"
        #expect(MachineShare.share(machineID: id, release: try Self.digest(1)) == 71)
    }

    @Test(
        "a document that has expired or is older than one seen is refused",
        arguments: [
            ("2026-11-15T00:00:00Z", nil, nil),
            ("2026-11-15T00:00:00Z", "2026-11-01T00:00:00Z", nil),
            ("2026-11-15T00:00:00Z", "2026-11-02T00:00:00Z", RefusalKind.channelOlder),
            ("2026-12-01T00:00:00Z", nil, .channelExpired),
            ("1970-01-01T00:00:00Z", nil, nil),
        ] as [(String, String?, RefusalKind?)])
    func age(_ now: String, _ seen: String?, _ kind: RefusalKind?) throws {
        let channel = try Self.channel([])
        var refused: RefusalKind?
        do { try channel.check(now: try #require(UTCTime(now)), lastSeen: seen.flatMap { UTCTime($0) }) } catch let
            error
            as Refusal
        { refused = error.kind }
        #expect(refused == kind)
    }

    @Test("the name of a channel is remembered, and another one under its reference refused")
    func names() throws {
        let time = try #require(UTCTime("2026-11-01T00:00:00Z"))
        var memory = ChannelMemory()
        memory.note("oci://a/b:c", name: "stable", issued: time)
        let read = try ChannelMemory(parsing: memory.serialized())
        #expect(read == memory && read.names == ["oci://a/b:c": "stable"])
        try read.check("oci://a/b:c", name: "stable", allowsOther: false)
        try read.check("oci://a/b:d", name: "beta", allowsOther: false)
        try read.check("oci://a/b:c", name: "beta", allowsOther: true)
        let refusal = #expect(throws: Refusal.self) {
            try read.check("oci://a/b:c", name: "beta", allowsOther: false)
        }
        #expect(refusal?.kind == .product)
        let old = "{\"format\": 1, \"channels\": {\"oci://a/b:c\": \"2026-11-01T00:00:00Z\"}}"
        #expect(try ChannelMemory(parsing: Array(old.utf8)).names == [:], "a file of an earlier agent")
        let torn = "{\"format\": 1, \"channels\": {}, \"names\": {\"a\": 1}}"
        #expect(throws: ChannelError.self) { try ChannelMemory(parsing: Array(torn.utf8)) }
    }

    @Test("what was seen is remembered, and never goes back")
    func memory() throws {
        let (early, late) = (
            try #require(UTCTime("2026-11-01T00:00:00Z")), try #require(UTCTime("2026-11-02T00:00:00Z"))
        )
        var memory = ChannelMemory()
        memory.note("oci://a/b:c", issued: late)
        memory.note("oci://a/b:c", issued: early)
        #expect(try ChannelMemory(parsing: memory.serialized()) == memory)
        #expect(memory.issued == ["oci://a/b:c": late])
        #expect(throws: ChannelError.self) { try ChannelMemory(parsing: Array("{\"format\":1".utf8)) }
    }
}
