import ImageModel
import ReleaseModel
import SeededNumbers
import Testing

@Suite("What each release of a channel is to a machine")
struct ChannelDecisionTests {
    static func release(
        _ sequence: Int64, minimum: Int64? = nil, rollout: Int = 100, withdrawn: String? = nil
    ) throws -> ChannelRelease {
        var release = try ChannelSelectionTests.release(sequence, minimum: minimum, rollout: rollout)
        release.withdrawn = withdrawn
        return release
    }

    /// The verdicts, newest first.
    static func verdicts(
        _ releases: [ChannelRelease], installed: Int64?, allowingDowngrade: Bool = false
    ) throws -> [ReleaseVerdict] {
        ChannelDecision(
            try ChannelSelectionTests.channel(releases), installed: installed, machineID: "m",
            allowingDowngrade: allowingDowngrade
        ).parts.map(\.verdict)
    }

    @Test("every release has its reason")
    func reasons() throws {
        let share = MachineShare.share(machineID: "m", release: try ChannelSelectionTests.digest(9))
        let releases = [
            try Self.release(1), try Self.release(2), try Self.release(4), try Self.release(5),
            try Self.release(7, minimum: 5), try Self.release(8, withdrawn: "It loses data."),
            try Self.release(9, rollout: 0),
        ]
        #expect(
            try Self.verdicts(releases, installed: 2) == [
                .held(share: share), .withdrawn("It loses data."), .needs(minimum: 5), .taken(isStep: true), .overtaken,
                .installed, .older,
            ])
        #expect(try Self.verdicts(releases, installed: 5).dropFirst(2).first == .taken(isStep: false))
        #expect(
            try Self.verdicts(releases, installed: nil).dropFirst(2) == [
                .taken(isStep: false), .overtaken, .overtaken, .overtaken, .overtaken,
            ])
    }

    @Test("a minimum is reached by its own sequence, and not by the one before", arguments: [(4, true), (5, false)])
    func minimum(installed: Int64, isOutOfReach: Bool) throws {
        let verdicts = try Self.verdicts([try Self.release(7, minimum: 5)], installed: installed)
        #expect(verdicts == [isOutOfReach ? .needs(minimum: 5) : .taken(isStep: false)])
    }

    @Test("a withdrawn release is not taken, keeps nobody waiting, and is left where a downgrade is allowed")
    func withdrawn() throws {
        let bad = try Self.release(3, rollout: 100, withdrawn: "")
        let channel = try ChannelSelectionTests.channel([bad, try Self.release(2)])
        #expect(channel.choice(installed: 1, machineID: "m") == .release(try Self.release(2), isStep: false))
        #expect(channel.choice(installed: 2, machineID: "m") == .upToDate)
        #expect(channel.choice(installed: 3, machineID: "m") == .upToDate)
        let back = channel.choice(installed: 3, machineID: "m", allowingDowngrade: true)
        #expect(back == .release(try Self.release(2), isStep: false))
        #expect(try ChannelSelectionTests.channel([bad]).choice(installed: nil, machineID: "m") == .upToDate)
        #expect(channel.offered(sequence: 3) == nil && channel.offered(sequence: 2)?.sequence == 2)
        #expect(channel.offered(sequence: nil) == nil)
    }

    /// What the agent decided before it told its reasons.
    static func former(
        _ channel: ChannelDocument, installed: Int64?, machineID: String, allowingDowngrade: Bool
    ) -> ChannelChoice {
        let newestFirst = channel.releases.sorted { $0.sequence > $1.sequence }
        guard let newest = newestFirst.first else { return .upToDate }
        let rolledOut = newestFirst.filter {
            MachineShare.share(machineID: machineID, release: $0.digest) < $0.rollout
        }
        let wanted = rolledOut.filter { release in
            guard let installed else { return true }
            return release.sequence > installed || allowingDowngrade && release.sequence != installed
        }
        if allowingDowngrade, let installed, rolledOut.first?.sequence == installed { return .upToDate }
        let reached = wanted.first { release in installed.map { $0 >= release.minimumSequence ?? 0 } ?? true }
        if let reached { return .release(reached, isStep: reached != wanted.first) }
        if let first = wanted.first { return .unreachable(first) }
        if let installed, newest.sequence <= installed { return .upToDate }
        return .held(newest)
    }

    static func drawn(_ random: inout SeededGenerator, withdrawn: Bool) throws -> ChannelDocument {
        let sequences = Set(
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
                Int64.random(in: 0...9, using: &random)
            })
        let releases = try sequences.shuffled(using: &random).map { sequence in
            let minimum = Bool.random(using: &random) ? Int64.random(in: 0...9, using: &random) : nil
            let rollout = [0, 25, 50, 100, 100].randomElement(using: &random) ?? 100
            let isBad = withdrawn && Int.random(in: 0..<4, using: &random) == 0
            return try release(sequence, minimum: minimum, rollout: rollout, withdrawn: isBad ? "bad" : nil)
        }
        return try ChannelSelectionTests.channel(releases)
    }

    @Test("drawn channels without withdrawn releases are decided as before", arguments: 0..<20 as Range<UInt64>)
    func unchanged(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for number in 0..<500 {
            let channel = try Self.drawn(&random, withdrawn: false)
            let installed = number % 8 == 0 ? nil : Int64.random(in: 0...9, using: &random)
            for allowing in [false, true] {
                let machine = "machine-\(number)"
                let choice = channel.choice(installed: installed, machineID: machine, allowingDowngrade: allowing)
                let former = Self.former(
                    channel, installed: installed, machineID: machine, allowingDowngrade: allowing)
                #expect(choice == former, "\(channel.releases), \(String(describing: installed))")
            }
        }
    }

    @Test("of drawn channels the reasons say the same as the choice", arguments: 20..<40 as Range<UInt64>)
    func consistent(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for number in 0..<500 {
            let channel = try Self.drawn(&random, withdrawn: true)
            let installed = Int64.random(in: 0...9, using: &random)
            let decision = ChannelDecision(
                channel, installed: installed, machineID: "machine-\(number)", allowingDowngrade: number % 2 == 0)
            #expect(decision.parts.map(\.release.sequence) == channel.releases.map(\.sequence).sorted(by: >))
            var taken: [ChannelChoice] = []
            for part in decision.parts {
                if case .taken(let isStep) = part.verdict { taken.append(.release(part.release, isStep: isStep)) }
                #expect((part.verdict == .installed) == (part.release.sequence == installed))
                if part.release.withdrawn != nil, part.release.sequence != installed {
                    #expect(part.verdict == .withdrawn("bad"))
                }
            }
            if case .release = decision.choice { #expect(taken == [decision.choice]) } else { #expect(taken.isEmpty) }
            // An agent that knows no withdrawal sees a rollout of 0, and takes the same.
            var older = try ChannelDocument(parsing: channel.serialized())
            older.releases = older.releases.map {
                var release = $0
                release.withdrawn = nil
                return release
            }
            let former = Self.former(
                older, installed: installed, machineID: "machine-\(number)", allowingDowngrade: number % 2 == 0)
            if case .release(let release, let isStep) = former {
                let same = channel.releases.first { $0.sequence == release.sequence }
                #expect(decision.choice == same.map { .release($0, isStep: isStep) })
            } else {
                #expect(taken.isEmpty)
            }
        }
    }
}
