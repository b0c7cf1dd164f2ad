import GrubEnvironment
import ImageModel
import ReleaseModel
import Testing
import TransactionPlanning

@Suite("A release of a channel that is installed")
struct SettledUpgradeTests {
    private let release: ChannelRelease

    init() throws {
        release = ChannelRelease(version: "2.0", sequence: 2, digest: try ImageCandidate.fake("2").digest)
    }

    /// Facts about image 2 as it lies on the state partition; nil when the release has to be asked for.
    private func settled(
        _ release: String = "2", _ image: Character = "2", _ change: (inout UpgradeFacts) throws -> Void = { _ in }
    ) throws -> UpgradeFacts? {
        var facts = try UpgradeFacts.fake(change)
        let known = ChannelCopy.Installed(
            release: try #require(Digest(hex: String(repeating: release, count: 64))), image: try .fake(image))
        guard
            let candidate = SettledUpgrade.candidate(
                self.release, at: "oci://r.example/os", known: [known], active: facts.environment.active,
                state: facts.state, on: facts.machine)
        else { return nil }
        facts.candidate = candidate
        return facts
    }

    @Test("is not asked for again, and says what there is to say")
    func nothing() throws {
        let plan = SettledUpgrade.plan(try #require(try settled()))
        #expect(plan?.isEmpty == true && plan?.recoveryFollows == true)
        #expect(plan?.notes.first == "active is ? 2.0 already (2222222222222222)")
        let waiting = try settled { $0.runningImage = try .fake("1") }
        #expect(SettledUpgrade.plan(try #require(waiting))?.waitingImage == (try .fake("2")))
    }

    @Test("is asked for when it is another one, when its image has no role any more, and when that is not whole")
    func unknown() throws {
        #expect(try settled("3") == nil)
        #expect(try settled("2", "1") == nil)
        #expect(try settled { $0.environment.active = try .fake("1") } == nil)
        #expect(try settled { $0.state.images[1].isWhole = false } == nil)
    }

    @Test("is asked for when there is something to do, to refuse or to remove")
    func something() throws {
        let changes: [(inout UpgradeFacts) throws -> Void] = [
            { $0.options.withRecovery = true }, { $0.options.only = .recovery }, { $0.unsavable = "no space" },
            { $0.state.staging = [.init(".staging-0", bytes: 1)] },
        ]
        for change in changes { #expect(SettledUpgrade.plan(try #require(try settled("2", "2", change))) == nil) }
    }

    @Test("is remembered when its image turned out to be active, and only then")
    func finding() throws {
        let same = try UpgradeFacts.fake { $0.candidate = try .fake("2") }
        #expect(SettledUpgrade.finding(release, same) == .init(release: release.digest, image: try .fake("2")))
        let container = try UpgradeFacts.fake { $0.candidate = try .fake("2", kind: .container) }
        #expect(SettledUpgrade.finding(release, container)?.image == (try .fake("2")))
        #expect(SettledUpgrade.finding(release, try .fake()) == nil)
        let broken = try UpgradeFacts.fake {
            $0.candidate = try .fake("2")
            $0.state.images[1].isWhole = false
        }
        #expect(SettledUpgrade.finding(release, broken) == nil)
    }
}
