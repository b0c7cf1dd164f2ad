import ImageModel
import Testing

@testable import GrubEnvironment

@Suite("Boot choice")
struct BootChoiceTests {
    /// A situation and what GRUB does in it.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (inout BootEnvironment) -> Void = { _ in }
        var broken: Set<Role> = []
        var role: Role
        var reason: BootReason
        var left: Int? = 2
    }

    static let cases: [Case] = [
        Case(testDescription: "active by default", role: .active, reason: .default),
        Case(testDescription: "the pin", change: { $0.defaultRole = .passive }, role: .passive, reason: .default),
        Case(testDescription: "next before the pin", change: { $0.next = .recovery }, role: .recovery, reason: .next),
        Case(
            testDescription: "pending before next",
            change: {
                $0.next = .passive
                $0.pending = .reset
            }, role: .recovery, reason: .pending),
        Case(
            testDescription: "pending with recovery's attempts spent",
            change: {
                $0.setTries(0, of: .recovery)
                $0.pending = .reset
            }, role: .recovery, reason: .pending),
        Case(
            testDescription: "pending takes one of recovery's attempts",
            change: {
                $0.setTries(2, of: .recovery)
                $0.pending = .reset
            }, role: .recovery, reason: .pending, left: 1),
        Case(testDescription: "active's files broken", broken: [.active], role: .passive, reason: .fallback),
        Case(testDescription: "active bad", change: { $0.activeState = .bad }, role: .passive, reason: .fallback),
        Case(
            testDescription: "active spent", change: { $0.setTries(0, of: .active) }, role: .passive, reason: .fallback
        ),
        Case(testDescription: "active has no image", change: { $0.active = nil }, role: .passive, reason: .fallback),
        Case(testDescription: "both broken", broken: [.active, .passive], role: .recovery, reason: .fallback),
        Case(
            testDescription: "next broken", change: { $0.next = .passive }, broken: [.passive], role: .active,
            reason: .default),
        Case(
            testDescription: "all spent", change: { env in Role.allCases.forEach { env.setTries(0, of: $0) } },
            role: .recovery, reason: .rescue),
        Case(
            testDescription: "all spent and recovery broken",
            change: { env in Role.allCases.forEach { env.setTries(0, of: $0) } },
            broken: [.recovery], role: .active, reason: .rescue, left: nil),
        Case(
            testDescription: "pinned recovery broken", change: { $0.defaultRole = .recovery }, broken: [.recovery],
            role: .active, reason: .fallback),
    ]

    @Test("GRUB's decision", arguments: cases)
    func decision(test: Case) throws {
        var environment = try sampleEnvironment()
        test.change(&environment)
        let outcome = environment.choice { role, _ in !test.broken.contains(role) }
        let attempt = try #require(outcome.attempt)
        #expect(attempt.role == test.role && attempt.reason == test.reason && attempt.triesLeft == test.left)
        #expect(attempt.image == environment.image(of: test.role))
        if let left = test.left { #expect(outcome.environment.tries(of: test.role) == left) }
        #expect(test.reason == .pending || outcome.environment.next == nil)
    }

    @Test("pending leaves the choice for one boot alone")
    func pendingKeepsNext() throws {
        var environment = try sampleEnvironment()
        environment.pending = .install
        environment.next = .active
        #expect(environment.choice { _, _ in true }.environment.next == .active)
    }

    @Test("recovery's attempts are not refilled for a pending operation when its files are broken")
    func pendingWithoutRecovery() throws {
        var environment = try sampleEnvironment()
        environment.pending = .reset
        environment.setTries(0, of: .recovery)
        let outcome = environment.choice { role, _ in role != .recovery }
        #expect(outcome.attempt?.role == .active && outcome.environment.recoveryTries == 0)
    }

    @Test("an attempt that cannot be written is not counted and changes nothing")
    func cannotSave() throws {
        var environment = try sampleEnvironment()
        environment.next = .passive
        let outcome = environment.choice(canSave: false) { _, _ in true }
        #expect(outcome.attempt?.role == .passive && outcome.attempt?.triesLeft == nil)
        #expect(outcome.environment == environment)
    }

    @Test("nothing usable leaves the choice to the search for any image")
    func nothing() throws {
        #expect(try sampleEnvironment().choice { _, _ in false }.attempt == nil)
    }

    @Test("attempts are used up in order, and recovery never stops trying")
    func usedUp() throws {
        var environment = try sampleEnvironment()
        var roles: [Role] = []
        for _ in 0..<12 {
            let outcome = environment.choice { _, _ in true }
            roles.append(try #require(outcome.attempt).role)
            environment = outcome.environment
        }
        let counted: [Role] = [.active, .active, .active, .passive, .passive, .passive]
        #expect(roles == counted + Array(repeating: .recovery, count: 6))
        #expect(environment.recoveryTries == 0)
    }

    @Test("an attempt is not taken below zero")
    func floor() throws {
        var environment = try sampleEnvironment()
        environment.setTries(0, of: .active)
        #expect(environment.takingAttempt(of: .active).activeTries == 0)
    }
}
