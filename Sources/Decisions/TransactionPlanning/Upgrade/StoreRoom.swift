import DiskContract
import Faults
import GrubEnvironment
import ImageModel
import ReleaseModel

/// Counts what a partition has room for, and what may be removed from it before the commit.
///
/// Nothing that a role names and nothing that runs is ever among the leftovers.
struct StoreRoom {
    /// Room for manifest, signatures, journal and the filesystem's own blocks, in bytes.
    static let slack = 4 << 20

    private let facts: UpgradeFacts
    private let place: Store
    private let kept: ImageID?
    /// Room for what is there only while the image is made, in bytes.
    private let workspace: Int

    /// - Parameter copies: whether the image is on this machine already, so that nothing has to be made.
    init(_ facts: UpgradeFacts, _ place: Store, keeping kept: ImageID?, copies: Bool = false) {
        self.facts = facts
        self.place = place
        self.kept = kept
        workspace = copies ? 0 : facts.candidate.workspace
    }

    private var store: StoreFacts { facts.store(place) }

    /// The staging folder of this source: what is in it counts as fetched already.
    var stagingName: String { DiskFiles.staging(for: facts.candidate.digest) }

    /// Images that must stay: named by a role, running, or the candidate itself.
    private var protected: Set<ImageID> {
        let environment = facts.environment
        let runsFromHere = (facts.runningRole == .recovery) == (place == .recovery)
        let named = place == .recovery ? [environment.recovery] : [environment.active, environment.passive]
        return Set((named + [kept, runsFromHere ? facts.runningImage : nil]).compactMap(\.self))
    }

    private var unused: [StoreFacts.Image] { store.images.filter { !protected.contains($0.id) } }
    private var stale: [StoreFacts.Staging] { store.staging.filter { $0.name != stagingName || kept != nil } }

    /// Names of folders that can be removed at once.
    var leftovers: [String] { (unused.map(\.id.description) + stale.map(\.name)).sorted() }

    private var needed: Int {
        let started = kept == nil ? store.staging.first { $0.name == stagingName }?.bytes ?? 0 : 0
        return Self.sum([facts.candidate.bytes, workspace, Self.slack]) - started
    }

    private var available: Int { Self.sum([store.free] + unused.map(\.bytes) + stale.map(\.bytes)) }

    /// Refuses when the image does not fit.
    func check() throws(Refusal) { if needed > available { throw refusal("") } }

    /// The passive image when it has to go to make room; nil when there is room.
    ///
    /// - Throws: `Refusal` when it would not help, is not allowed, or is what the machine lives on.
    func imageToGiveUp() throws(Refusal) -> ImageID? {
        guard needed > available else { return nil }
        guard let passive = store.image(facts.environment.passive), passive.id != facts.environment.active,
            passive.id != facts.runningImage, needed <= Self.sum([available, passive.bytes])
        else { throw refusal("") }
        guard facts.environment.activeIsKnownGood else {
            throw refusal("; passive cannot be given up, because active is not known good")
        }
        guard facts.options.allowsGivingUpPassive || facts.policy.givingUpPassive == .allow else {
            throw refusal(
                "", remedy: "Add --allow-giving-up-passive: until the new image is there, only recovery helps.")
        }
        return passive.id
    }

    private func refusal(_ addition: String, remedy: String = "Use a larger partition or a smaller image.") -> Refusal {
        Refusal(
            .space, "upgrading to", facts.candidate.reference,
            cause: "\(ByteText.megabytes(needed)) MB are needed on the \(place) partition and "
                + "\(ByteText.megabytes(available)) MB can be had\(addition)",
            remedy: remedy)
    }

    private static func sum(_ numbers: [Int]) -> Int {
        numbers.reduce(0) { sum, number in
            let (result, overflow) = sum.addingReportingOverflow(max(0, number))
            return overflow ? .max : result
        }
    }
}
