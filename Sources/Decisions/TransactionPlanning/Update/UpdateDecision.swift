import BootModel
import GrubEnvironment
package import ImageModel
import ReleaseModel

/// What a machine does about upgrades that nobody asked for, now.
package enum UpdateDecision: Equatable, Sendable {
    /// Ask the channel, and install what it has.
    case upgrade
    /// Restart to start an image.
    case reboot(ImageID)
    /// Nothing before a time, in seconds since 1970.
    case wait(until: Int64, Waiting)
    /// Nothing, as long as this machine is as it is.
    case nothing(Obstacle)

    /// What is waited for.
    package enum Waiting: String, CaseIterable, Sendable {
        /// The next look, by the interval.
        case interval
        /// The turn of this machine in the window.
        case window
        /// The next try after a failure.
        case retry
        /// The restart, which is due in the window.
        case restart
    }

    /// Why nothing is done by itself.
    package enum Obstacle: String, CaseIterable, Sendable {
        /// Lifeboot has not started this machine.
        case notOurs = "not-ours"
        /// A live system has no images of its own.
        case live
        /// Recovery is for people.
        case recovery
        /// Somebody has chosen what runs in GRUB's menu.
        case chosen
        /// Somebody has chosen what boots by default, with `lifeboot switch`.
        case pinned
        /// Recovery is to finish something first.
        case pending
        /// What runs has not been healthy, so it is still on trial.
        case unhealthy
        /// GRUB could not write `boot.env`, so that a broken image would be started for ever.
        case unsavable
        /// The machine was restarted for this image before, and it did not run.
        case restarted
        /// No channel is configured.
        case channel
    }

    /// Whether nothing is done as long as this machine is as it is.
    package var isNothing: Bool { if case .nothing = self { true } else { false } }

    /// Decides.
    package init(_ facts: UpdateFacts) {
        if let obstacle = Self.obstacle(facts) {
            self = .nothing(obstacle)
        } else if let image = facts.waiting, facts.policy.reboot != .never {
            self = Self.restart(image, facts)
        } else {
            self = Self.look(facts)
        }
    }

    private static func obstacle(_ facts: UpdateFacts) -> Obstacle? {
        let (parameters, environment) = (facts.parameters, facts.environment)
        if parameters.isLive { return .live }
        guard let role = parameters.role, parameters.image != nil else { return .notOurs }
        if role == .recovery { return .recovery }
        if parameters.reason == .menu { return .chosen }
        if environment.pending != nil { return .pending }
        if environment.defaultRole != .active || environment.next != nil { return .pinned }
        if !facts.isHealthy { return .unhealthy }
        return facts.canSave ? nil : .unsavable
    }

    /// Restarts once for an image: what does not start it the first time would not the next.
    private static func restart(_ image: ImageID, _ facts: UpdateFacts) -> UpdateDecision {
        guard facts.memory.restartedFor != image else { return .nothing(.restarted) }
        if facts.policy.reboot == .always { return .reboot(image) }
        let turn = facts.schedule.turn(from: facts.now)
        return turn <= facts.now ? .reboot(image) : .wait(until: turn, .restart)
    }

    private static func look(_ facts: UpdateFacts) -> UpdateDecision {
        guard facts.hasChannel else { return .nothing(.channel) }
        if facts.answer == .available { return .upgrade }
        let (next, reason) = next(facts)
        // Whoever slept through its turn takes the next one, which may be now.
        let time = facts.schedule.turn(from: max(next, facts.now))
        return time > facts.now ? .wait(until: time, reason) : .upgrade
    }

    /// When the channel is asked next.
    ///
    /// A time that is still to come was noted by a clock that was wrong.
    private static func next(_ facts: UpdateFacts) -> (Int64, Waiting) {
        let (memory, schedule) = (facts.memory, facts.schedule)
        let usual: Waiting = facts.policy.window == nil ? .interval : .window
        if facts.answer == .nothing { return (schedule.next(after: facts.now), usual) }
        if memory.failures > 0, let failure = memory.lastFailure {
            return (schedule.retry(after: min(failure, facts.now), failures: memory.failures), .retry)
        }
        if let last = memory.lastSuccess { return (schedule.next(after: min(last, facts.now)), usual) }
        let start = min(memory.firstSeen ?? facts.now, facts.now)
        return (facts.policy.window == nil ? schedule.next(after: start) : schedule.turn(from: start), usual)
    }
}
