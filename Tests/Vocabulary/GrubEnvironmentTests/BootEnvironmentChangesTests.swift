import ImageModel
import Testing

@testable import GrubEnvironment

@Suite("What changes in a boot environment")
struct BootEnvironmentChangesTests {
    /// A change, what it is called, and whether the second copy must know it.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var isForBackup: Bool
        var change: @Sendable (inout BootEnvironment) throws -> Void

        init(
            _ description: String, backup: Bool, _ change: @escaping @Sendable (inout BootEnvironment) throws -> Void
        ) {
            (testDescription, isForBackup, self.change) = (description, backup, change)
        }
    }

    @Test(
        "images, states and the default go to the second copy too; what changes at every boot does not",
        arguments: [
            Case("active: aaaaaaaaaaaaaaaa -> dddddddddddddddd", backup: true) { $0.active = try id("d") },
            Case("passive: bbbbbbbbbbbbbbbb -> -", backup: true) { $0.passive = nil },
            Case("recovery: cccccccccccccccc -> dddddddddddddddd", backup: true) { $0.recovery = try id("d") },
            Case("active_state: good -> bad", backup: true) { $0.activeState = .bad },
            Case("passive_state: good -> trial", backup: true) { $0.passiveState = .trial },
            Case("default: active -> passive", backup: true) { $0.defaultRole = .passive },
            Case("active_tries: 3 -> 2", backup: false) { $0.setTries(2, of: .active) },
            Case("passive_tries: 3 -> 2", backup: false) { $0.setTries(2, of: .passive) },
            Case("recovery_tries: 3 -> 2", backup: false) { $0.setTries(2, of: .recovery) },
            Case("next: - -> recovery", backup: false) { $0.next = .recovery },
            Case("pending: - -> install", backup: false) { $0.pending = .install },
        ])
    func change(_ test: Case) throws {
        let before = try sampleEnvironment()
        var after = before
        try test.change(&after)
        #expect(before.changes(to: after) == [test.testDescription])
        #expect(before.differsInRoles(from: after) == test.isForBackup)
        #expect(before.changes(to: before) == [] && !before.differsInRoles(from: before))
    }
}
