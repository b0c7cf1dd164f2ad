package import ImageModel
package import ReleaseModel

/// What a console shows of a machine, and what it offers.
package struct ConsoleFacts: Equatable, Sendable {
    /// What is known of active or passive.
    package struct Choice: Equatable, Sendable {
        /// Name and version of its image; nil when it has none, or nobody can read them.
        package var title: String?
        /// What became of it, one line; nil when nothing is known against it.
        package var verdict: String?
        /// Why it cannot be started; nil when it can.
        package var obstacle: String?

        /// States what is known.
        package init(title: String? = nil, verdict: String? = nil, obstacle: String? = nil) {
            (self.title, self.verdict, self.obstacle) = (title, verdict, obstacle)
        }
    }

    /// What a live system needs as long as it runs.
    package enum Medium: Equatable, Sendable {
        /// The disk with this node.
        case disk(String)
        /// Nothing: it is in memory.
        case memory
        /// It cannot be found out.
        case unknown
    }

    /// Whether this is a live system, which is installed on no disk.
    package var isLive = false
    /// What a live system comes from.
    package var medium = Medium.unknown
    /// What may be done without a login.
    package var policy = ConsolePolicy.reset
    /// Name and version of the image that runs, or its id.
    package var running = "an unknown image"
    /// The id of that image; empty when it is unknown.
    package var image = ""
    /// Why recovery runs, without a full stop.
    package var reason = "nobody knows why"
    /// The normal system.
    package var active = Choice()
    /// The one before.
    package var passive = Choice()
    /// Whether going back exchanges the roles; else passive is only started.
    package var canRollBack = false
    /// Why this image cannot be put back as active; nil when it can.
    package var resetObstacle: String?
    /// The operation that recovery has to finish, such as `reset`; nil when none is pending.
    package var pending: String?
    /// What an operation that is at work says of itself, newest last; empty when none is.
    package var progress: [String] = []
    /// The channel that upgrades follow; nil when none is configured.
    package var channel: String?
    /// What stands in the way of looking, or why what was to be done by itself was not; nil when nothing does.
    package var problem: String?

    /// A machine of which nothing is known.
    package init() {}

    /// What is known of a role; recovery itself has no choice.
    package func choice(_ role: Role) -> Choice { role == .active ? active : passive }
}
