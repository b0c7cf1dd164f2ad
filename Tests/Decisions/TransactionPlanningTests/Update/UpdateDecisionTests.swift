import BootModel
import GrubEnvironment
import ImageModel
import JSONText
import ReleaseModel
import Testing

@testable import TransactionPlanning

@Suite("What a machine does that nobody watches")
struct UpdateDecisionTests {
    private static let now: Int64 = 1_800_000_000

    /// Active 2 runs, good and healthy; passive is 1; the channel was never asked and it is high time.
    private func facts(_ change: (inout UpdateFacts) throws -> Void = { _ in }) throws -> UpdateFacts {
        var parameters = BootParameters()
        (parameters.role, parameters.image, parameters.reason) = (.active, try .fake("2"), .default)
        var memory = UpdateMemory()
        memory.firstSeen = Self.now - 200_000
        var facts = UpdateFacts(
            now: Self.now, offset: 0, machineID: "m", policy: UpdatePolicy(), hasChannel: true, memory: memory,
            parameters: parameters, isHealthy: true,
            environment: BootEnvironment(active: try .fake("2"), passive: try .fake("1"), activeState: .good),
            canSave: true)
        try change(&facts)
        return facts
    }

    private func decision(_ change: (inout UpdateFacts) throws -> Void = { _ in }) throws -> UpdateDecision {
        UpdateDecision(try facts(change))
    }

    @Test("it asks when it is time, and does not when it is not")
    func interval() throws {
        #expect(try decision() == .upgrade)
        guard case .wait(let time, .interval) = try decision({ $0.memory.lastSuccess = Self.now }) else {
            Issue.record("it does not wait")
            return
        }
        #expect(time > Self.now && time <= Self.now + 86_400)
        #expect(try decision { ($0.memory.lastSuccess, $0.now) = (Self.now, time - 1) } != .upgrade)
        #expect(try decision { ($0.memory.lastSuccess, $0.now) = (Self.now, time) } == .upgrade)
    }

    @Test("a machine that knows nothing waits for its place in the interval, so that a fleet does not ask at once")
    func first() throws {
        let first = try decision { $0.memory.firstSeen = nil }
        guard case .wait(let time, .interval) = first else {
            Issue.record("\(first)")
            return
        }
        #expect(time > Self.now && time <= Self.now + 86_400)
    }

    @Test("a time of the future was noted by a wrong clock and keeps nothing waiting for longer than an interval")
    func wrongClock() throws {
        let waiting = try decision { $0.memory.lastSuccess = Self.now + 10_000_000 }
        guard case .wait(let time, .interval) = waiting else {
            Issue.record("\(waiting)")
            return
        }
        #expect(time <= Self.now + 86_400)
        let retrying = try decision { ($0.memory.lastFailure, $0.memory.failures) = (Self.now + 10_000_000, 1) }
        guard case .wait(let retry, .retry) = retrying else {
            Issue.record("\(retrying)")
            return
        }
        #expect(retry > Self.now && retry <= Self.now + 1_350)
    }

    @Test("outside its window it waits, also when its turn was slept through")
    func window() throws {
        // 1,800,000,000 is 2027-01-15T08:00:00Z, a Friday.
        let asleep = try decision {
            $0.policy.window = try UpdateWindow(parsing: "02:00-05:00")
            $0.memory.lastSuccess = Self.now - 200_000
        }
        guard case .wait(let time, .window) = asleep else {
            Issue.record("\(asleep)")
            return
        }
        let opening = Self.now + 18 * 3_600
        #expect((opening..<(opening + 3 * 3_600)).contains(time))
        #expect(
            try decision {
                $0.policy.window = try UpdateWindow(parsing: "02:00-05:00")
                ($0.memory.lastSuccess, $0.now) = (Self.now - 200_000, time)
            } == .upgrade)
    }

    @Test("after a failure it waits for the next try, longer each time")
    func failures() throws {
        var last = Self.now
        for count in 1...4 {
            let waiting = try decision { ($0.memory.lastFailure, $0.memory.failures) = (Self.now, count) }
            guard case .wait(let time, .retry) = waiting else {
                Issue.record("\(waiting)")
                return
            }
            #expect(time > last)
            last = time
        }
        #expect(try decision { ($0.memory.lastFailure, $0.memory.failures, $0.now) = (Self.now, 4, last) } == .upgrade)
    }

    @Test("what the channel has is installed, and when it has nothing the next look is waited for")
    func answers() throws {
        #expect(try decision { ($0.answer, $0.memory.lastSuccess) = (.available, Self.now) } == .upgrade)
        guard case .wait(_, .interval) = try decision({ $0.answer = .nothing }) else {
            Issue.record("it asks again")
            return
        }
    }

    @Test(
        "nothing is done by itself where it would take something from people, or could not be undone",
        arguments: UpdateDecision.Obstacle.allCases)
    func obstacles(_ obstacle: UpdateDecision.Obstacle) throws {
        let decision = try decision { facts in
            facts.policy.reboot = .always
            switch obstacle {
            case .notOurs: facts.parameters.role = nil
            case .live: facts.parameters.isLive = true
            case .recovery: facts.parameters.role = .recovery
            case .chosen: facts.parameters.reason = .menu
            case .pinned: facts.environment.defaultRole = .passive
            case .pending: facts.environment.pending = .reset
            case .unhealthy: facts.isHealthy = false
            case .unsavable: facts.canSave = false
            case .restarted:
                facts.environment.active = try .fake("3")
                facts.memory.restartedFor = try .fake("3")
            case .channel: facts.hasChannel = false
            }
        }
        #expect(decision == .nothing(obstacle))
        #expect(decision.sentence.hasPrefix("Nothing is done by itself: "))
        #expect(decision.json["reason"]?.text == obstacle.rawValue)
    }

    @Test("a choice for one boot is left alone")
    func once() throws { #expect(try decision { $0.environment.next = .recovery } == .nothing(.pinned)) }

    @Test("an image waits for a restart when that starts it by default, and not because somebody chose it for once")
    func waits() throws {
        let change: (inout UpdateFacts) throws -> Void = { $0.environment.active = try .fake("3") }
        #expect(try facts(change).waiting == .fake("3"))
        let chosen = try facts {
            try change(&$0)
            $0.environment.next = .active
        }
        #expect(chosen.waiting == nil)
    }

    @Test("passive that runs because active failed upgrades: that is how a fleet gets well")
    func passive() throws {
        let change: (inout UpdateFacts) throws -> Void = {
            ($0.parameters.role, $0.parameters.image, $0.parameters.reason) = (.passive, try .fake("1"), .fallback)
            $0.environment.activeState = .bad
            $0.policy.reboot = .always
        }
        #expect(try decision(change) == .upgrade, "nothing waits: what was given up is not started again")
    }

    /// Image 3 is active, on trial, and does not run.
    private func waiting(
        _ reboot: UpdatePolicy.Reboot, _ change: (inout UpdateFacts) throws -> Void = { _ in }
    ) throws
        -> UpdateDecision
    {
        try decision {
            ($0.environment.active, $0.environment.activeState) = (try .fake("3"), .trial)
            $0.policy.reboot = reboot
            try change(&$0)
        }
    }

    @Test("it restarts for a new image by policy: never, at once, or in the window")
    func restarts() throws {
        let image = try ImageID.fake("3")
        #expect(try waiting(.never) == .upgrade, "it goes on looking")
        #expect(try waiting(.always) == .reboot(image))
        #expect(try waiting(.window) == .reboot(image), "without a window any time is within it")
        let window: (inout UpdateFacts) throws -> Void = { $0.policy.window = try UpdateWindow(parsing: "02:00-05:00") }
        guard case .wait(let time, .restart) = try waiting(.window, window) else {
            Issue.record("it does not wait")
            return
        }
        #expect(
            try waiting(.window) {
                try window(&$0)
                $0.now = time
            } == .reboot(image))
        #expect(try waiting(.always, window) == .reboot(image))
    }

    @Test("it restarts once for an image, and again for another one")
    func restartsOnce() throws {
        #expect(try waiting(.always) { $0.memory.restartedFor = try .fake("3") } == .nothing(.restarted))
        #expect(try waiting(.always) { $0.memory.restartedFor = try .fake("4") } == .reboot(try .fake("3")))
        #expect(try waiting(.never) { $0.memory.restartedFor = try .fake("3") } == .upgrade)
    }

    @Test("programs are told the action, until when and why")
    func document() throws {
        #expect(
            UpdateDecision.wait(until: 5, .retry).json == [
                "action": "wait", "until": 5, "reason": "retry", "image": .null,
            ])
        #expect(UpdateDecision.reboot(try .fake("3")).json["image"]?.text == "3333333333333333")
        #expect(UpdateDecision.wait(until: 0, .window).sentence.contains("1970-01-01T00:00:00Z"))
    }
}
