import Faults
import ReleaseModel
import Testing

@Suite("What an operator does to a channel")
struct ChannelEditingTests {
    static func release(
        _ sequence: Int64, minimum: Int64? = nil, rollout: Int = 100, withdrawn: String? = nil
    ) throws -> ChannelRelease {
        var release = try ChannelDecisionTests.release(
            sequence, minimum: minimum, rollout: rollout, withdrawn: withdrawn)
        release.reference = "oci://registry.example/os"
        return release
    }

    static func channel(_ releases: ChannelRelease...) throws -> ChannelDocument {
        try ChannelSelectionTests.channel(releases)
    }

    /// Why a change is refused, and that it changed nothing.
    static func refusal(
        _ channel: ChannelDocument, _ edit: (inout ChannelDocument) throws -> ChannelChange
    ) -> Refusal? {
        var edited = channel
        let refusal = #expect(throws: Refusal.self) { try edit(&edited) }
        #expect(edited == channel)
        return refusal
    }

    @Test("a release is named by version, or by sequence where no version is so called")
    func named() throws {
        var other = try Self.release(7)
        other.version = "2"
        let channel = try Self.channel(try Self.release(2), other)
        #expect(try channel.release(named: "2.0", for: "x").sequence == 2)
        #expect(try channel.release(named: "2", for: "x").sequence == 7)
        #expect(try channel.release(named: "7", for: "x").sequence == 7)
        other.version = "2.0"
        let twice = try Self.channel(try Self.release(2), other)
        #expect(try twice.release(named: "7", for: "x").sequence == 7)
        let ambiguous = #expect(throws: Refusal.self) { try twice.release(named: "2.0", for: "x") }
        #expect(ambiguous?.cause == "2 releases have that version, with the sequences 2, 7")
        let missing = #expect(throws: Refusal.self) { try channel.release(named: "2.1", for: "x") }
        #expect(missing?.kind == .notFound && missing?.remedy == "Did you mean 2.0?")
        let far = #expect(throws: Refusal.self) { try channel.release(named: "2026.11", for: "x") }
        #expect(far?.remedy.contains("boatyard channel show") == true)
        let empty = #expect(throws: Refusal.self) { try Self.channel().release(named: "1", for: "x") }
        #expect(empty?.cause == "the channel has no releases")
    }

    @Test("a release is taken over as it is, but for its rollout, and keeps the one that it has")
    func promoted() throws {
        let source = try Self.channel(try Self.release(2, minimum: 1, rollout: 50))
        var channel = try Self.channel(try Self.release(3), try Self.release(1))
        let change = try channel.promote("2.0", from: source, rollout: 10)
        #expect(channel.releases.map(\.sequence) == [1, 2, 3])
        #expect(channel.releases[1] == (try Self.release(2, minimum: 1, rollout: 10)))
        #expect(change.release == channel.releases[1])
        #expect(change.remarks.count == 1 && change.remarks.first?.contains("do not go back to 2.0") == true)
        #expect(try channel.promote("2.0", from: source, rollout: nil).release.rollout == 10)
        let narrower = try channel.promote("2.0", from: source, rollout: 5)
        #expect(narrower.remarks.last?.hasPrefix("2.0 went to 10 %") == true)
        var empty = try Self.channel()
        let first = try empty.promote("2", from: source, rollout: nil)
        #expect(first.release.rollout == 100)
        #expect(first.remarks == [], "where there was nothing, nobody loses a way")
    }

    @Test("a release that needs one which is not here is taken over with a warning")
    func promotedWithoutStep() throws {
        let source = try Self.channel(try Self.release(5, minimum: 3))
        var channel = try Self.channel(try Self.release(1))
        let change = try channel.promote("5.0", from: source, rollout: nil)
        #expect(change.remarks.count == 1)
        #expect(change.remarks.first?.hasPrefix("machines that have sequence 2 would have no way") == true)
        var whole = try Self.channel(try Self.release(3))
        #expect(try whole.promote("5.0", from: source, rollout: nil).remarks == [])
    }

    @Test("a place beside the channel's repository is worth a word", arguments: [nil, "./os", "../os"])
    func promotedRelative(reference: String?) throws {
        var release = try Self.release(2)
        release.reference = reference
        var channel = try Self.channel()
        let change = try channel.promote("2.0", from: try Self.channel(release), rollout: nil)
        #expect(change.remarks.count == 1 && change.remarks.first?.contains("by the place of its channel") == true)
    }

    @Test("what was withdrawn, or is another image, is not taken over")
    func notPromoted() throws {
        let bad = try Self.channel(try Self.release(2, withdrawn: "It burns."))
        let good = try Self.channel(try Self.release(2))
        #expect(
            Self.refusal(good) { try $0.promote("2.0", from: bad, rollout: 1) }?.cause == "it was withdrawn: It burns.")
        #expect(
            Self.refusal(bad) { try $0.promote("2.0", from: good, rollout: 1) }?.cause
                == "it was withdrawn here: It burns.")
        var other = try Self.release(2)
        other.digest = try ChannelSelectionTests.digest(9)
        let changed = try Self.channel(other)
        #expect(
            Self.refusal(good) { try $0.promote("2.0", from: changed, rollout: 1) }?.cause
                == "sequence 2 is 2.0 here, with another digest")
        other.sequence = 4
        let renamed = try Self.channel(other)
        #expect(
            Self.refusal(good) { try $0.promote("2.0", from: renamed, rollout: 1) }?.cause
                == "the channel has that version with sequence 2, and this one has 4")
    }

    @Test("a release is added in the place of the one with its sequence, and it is said when that was another image")
    func added() throws {
        var channel = try Self.channel(try Self.release(3), try Self.release(1, withdrawn: "It burns."))
        #expect(channel.add(try Self.release(4)).remarks == [])
        #expect(channel.releases.map(\.sequence) == [1, 3, 4])
        let narrower = channel.add(try Self.release(4, rollout: 10))
        #expect(narrower.remarks.count == 1 && narrower.remarks.first?.hasPrefix("4.0 went to 100 %") == true)
        let older = channel.add(try Self.release(1))
        #expect(older.remarks.count == 1 && older.remarks.first?.contains("do not go back to 1.0") == true)
        #expect(channel.releases.first?.withdrawn == nil, "the withdrawal is taken back")
        var other = try Self.release(4, rollout: 10)
        other.digest = try ChannelSelectionTests.digest(9)
        #expect(
            channel.add(other).remarks == [
                "sequence 4 was another image: machines that have that one do not take 4.0"
            ])
        var again = try Self.channel(try Self.release(2, rollout: 50, withdrawn: "It burns."))
        #expect(again.add(try Self.release(2, rollout: 10)).remarks == [], "nobody was to have it")
    }

    @Test(
        "a rollout is widened without a word, and narrowed with one",
        arguments: [(50, 60, 0), (50, 50, 0), (50, 49, 1)])
    func rollout(before: Int, after: Int, remarks: Int) throws {
        var channel = try Self.channel(try Self.release(1), try Self.release(2, rollout: before))
        let change = try channel.rollOut("2.0", to: after)
        #expect(channel.releases.map(\.rollout) == [100, after] && change.remarks.count == remarks)
        let bad = try Self.channel(try Self.release(2, withdrawn: "It burns."))
        #expect(Self.refusal(bad) { try $0.rollOut("2.0", to: 100) }?.cause == "it was withdrawn: It burns.")
    }

    @Test("a withdrawn release is not taken any more, and it is said what becomes of those that have it")
    func withdrawn() throws {
        var channel = try Self.channel(try Self.release(1), try Self.release(2), try Self.release(3, minimum: 2))
        let step = try channel.withdraw("2.0", because: "It burns.")
        #expect(channel.releases[1].withdrawn == "It burns." && channel.releases[1].rollout == 0)
        #expect(step.remarks.count == 1 && step.remarks.first?.hasPrefix("machines that have 1.0 (sequence 1)") == true)
        let newest = try channel.withdraw("3.0", because: "It burns, too.")
        #expect(newest.remarks.count == 1 && newest.remarks.first?.contains("do they go back to 1.0") == true)
        #expect(channel.newestOffered?.sequence == 1)
        let last = try channel.withdraw("1.0", because: "All burn.")
        #expect(last.remarks == ["stable offers no release any more: machines that have 1.0 keep it"])
        #expect(channel.choice(installed: 0, machineID: "m") == .upToDate)
        #expect(try channel.withdraw("1.0", because: "Again.").release.withdrawn == "Again.")
    }

    @Test("a step counts whatever its rollout is, and who had no way before is not named")
    func stranding() throws {
        let stepwise = try Self.channel(
            try Self.release(1), try Self.release(2, rollout: 0), try Self.release(3, minimum: 2))
        #expect(Self.refusal(stepwise) { try $0.remove("2.0", force: false) }?.cause.contains("no way") == true)
        var broken = try Self.channel(
            try Self.release(1), try Self.release(3, minimum: 2), try Self.release(5, minimum: 2))
        let change = try broken.withdraw("5.0", because: "It burns.")
        #expect(change.remarks.count == 1 && change.remarks.first?.contains("go back to 3.0") == true)
    }

    @Test("the newest release and a step to others are removed only by force")
    func removed() throws {
        let channel = try Self.channel(try Self.release(1), try Self.release(2), try Self.release(3, minimum: 2))
        #expect(Self.refusal(channel) { try $0.remove("3.0", force: false) }?.remedy.hasPrefix("Withdraw it") == true)
        #expect(
            Self.refusal(channel) { try $0.remove("2.0", force: false) }?.cause.contains("no way to a newer") == true)
        var edited = channel
        #expect(try edited.remove("2.0", force: true).remarks.count == 1)
        #expect(edited.releases.map(\.sequence) == [1, 3])
        edited = channel
        #expect(try edited.remove("1.0", force: false).remarks == [])
        _ = try edited.withdraw("3.0", because: "It burns.")
        #expect(try edited.remove("3.0", force: false).release.withdrawn == "It burns.")
        #expect(try edited.remove("2.0", force: true).remarks == ["stable offers no release any more"])
        #expect(edited.releases.isEmpty)
    }
}
