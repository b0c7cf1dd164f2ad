package import BootModel
package import GrubEnvironment
package import ImageModel
package import ReleaseModel

/// All that decides what a machine does about upgrades that nobody asked for.
package struct UpdateFacts: Equatable, Sendable {
    /// What the channel had, once it was asked.
    package enum Answer: String, CaseIterable, Sendable {
        /// Something to install.
        case available
        /// Nothing.
        case nothing
    }

    /// Seconds since 1970.
    package var now: Int64
    /// What the machine's own time is ahead of UTC, in seconds.
    package var offset: Int64
    /// The machine's id (machine-id(5)).
    package var machineID: String
    /// What the configuration says.
    package var policy: UpdatePolicy
    /// Whether the configuration names a channel.
    package var hasChannel: Bool
    /// What is remembered.
    package var memory: UpdateMemory
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// Whether this boot was declared healthy: then what runs is no trial any more.
    package var isHealthy: Bool
    /// The boot environment.
    package var environment: BootEnvironment
    /// Whether GRUB could write it at this boot.
    package var canSave: Bool
    /// What the channel had; nil as long as it was not asked.
    package var answer: Answer?

    /// States what is known.
    package init(
        now: Int64, offset: Int64, machineID: String, policy: UpdatePolicy, hasChannel: Bool, memory: UpdateMemory,
        parameters: BootParameters, isHealthy: Bool, environment: BootEnvironment, canSave: Bool, answer: Answer? = nil
    ) {
        self.now = now
        self.offset = offset
        self.machineID = machineID
        self.policy = policy
        self.hasChannel = hasChannel
        self.memory = memory
        self.parameters = parameters
        self.isHealthy = isHealthy
        self.environment = environment
        self.canSave = canSave
        self.answer = answer
    }

    /// When this machine has its turn.
    package var schedule: UpdateSchedule { UpdateSchedule(policy, machineID: machineID, offset: offset) }

    /// The image that a restart would start as active, by default, and that does not run; nil when there is none.
    package var waiting: ImageID? {
        guard let next = environment.choice(isUsable: { _, _ in true }).attempt, next.role == .active,
            next.reason == .default, next.image != parameters.image
        else { return nil }
        return next.image
    }
}
