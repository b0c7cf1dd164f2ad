package import DiskContract
package import GrubEnvironment
package import ImageModel
package import ReleaseModel

/// Everything that an upgrade is planned from.
package struct UpgradeFacts: Equatable, Sendable {
    /// The role that runs.
    package var runningRole: Role
    /// The image that runs.
    package var runningImage: ImageID
    /// The boot environment.
    package var environment: BootEnvironment
    /// Why GRUB could not write `boot.env` at the last boot; nil when it could, or nobody knows.
    package var unsavable: String?
    /// The state partition.
    package var state: StoreFacts
    /// The recovery partition.
    package var recovery: StoreFacts
    /// The machine.
    package var machine: MachineTraits
    /// What is to be installed.
    package var candidate: ImageCandidate
    /// What the machine accepts.
    package var policy: Policy
    /// What the operator asked for.
    package var options: UpgradeOptions

    /// Gathers facts.
    package init(
        runningRole: Role, runningImage: ImageID, environment: BootEnvironment, unsavable: String? = nil,
        state: StoreFacts, recovery: StoreFacts, machine: MachineTraits, candidate: ImageCandidate,
        policy: Policy = Policy(), options: UpgradeOptions = UpgradeOptions()
    ) {
        self.runningRole = runningRole
        self.runningImage = runningImage
        self.environment = environment
        self.unsavable = unsavable
        self.state = state
        self.recovery = recovery
        self.machine = machine
        self.candidate = candidate
        self.policy = policy
        self.options = options
    }

    /// The role that the running image has by now: after a rollback the image that runs as passive is active.
    var currentRole: Role {
        runningRole == .passive && environment.active == runningImage ? .active : runningRole
    }

    /// The facts about a partition.
    package func store(_ place: Store) -> StoreFacts { place == .recovery ? recovery : state }
}

/// What is on the state or recovery partition.
package struct StoreFacts: Equatable, Sendable {
    /// A folder of an image.
    package struct Image: Equatable, Sendable {
        /// The image.
        package var id: ImageID
        /// Bytes that it takes.
        package var bytes: Int
        /// Its version; nil when its manifest cannot be read.
        package var version: String?
        /// The system's name; nil when its manifest cannot be read.
        package var name: String?
        /// What its os-release calls the system; nil when that says nothing.
        package var system: String?
        /// Its sequence; nil when its manifest cannot be read.
        package var sequence: Int64?
        /// When it was made, in seconds since 1970; nil when its manifest cannot be read.
        package var created: Int64?
        /// The digest of what it was made from; nil when unknown.
        package var source: Digest?
        /// Whether its manifest can be trusted and all its files are there.
        package var isWhole: Bool

        /// Describes an image's folder.
        package init(
            _ id: ImageID, bytes: Int, version: String? = nil, sequence: Int64? = nil, source: Digest? = nil,
            isWhole: Bool = true
        ) {
            self.id = id
            self.bytes = bytes
            self.version = version
            self.sequence = sequence
            self.source = source
            self.isWhole = isWhole
        }

        /// How old it is; nil when its manifest cannot be read.
        package var age: ImageAge? { sequence.map { ImageAge(sequence: $0, created: created) } }
        /// Name and version, for people.
        package var title: String { [name, version ?? "?"].compactMap(\.self).joined(separator: " ") }
    }

    /// A folder that an operation left, by its name.
    package struct Staging: Equatable, Sendable {
        /// Its name below `images`.
        package var name: String
        /// Bytes that it takes.
        package var bytes: Int

        /// Describes a folder.
        package init(_ name: String, bytes: Int) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The images, by id.
    package var images: [Image]
    /// What operations left.
    package var staging: [Staging]
    /// Bytes free.
    package var free: Int
    /// Why nothing is known about the partition; nil when it could be read.
    package var problem: String?

    /// Describes a partition.
    package init(images: [Image] = [], staging: [Staging] = [], free: Int, problem: String? = nil) {
        self.images = images
        self.staging = staging
        self.free = free
        self.problem = problem
    }

    /// The folder of an image; nil when there is none.
    package func image(_ id: ImageID?) -> Image? { images.first { $0.id == id } }
}

/// What an image has to fit.
package struct MachineTraits: Equatable, Sendable {
    /// The machine type in OCI's spelling.
    package var architecture: String
    /// The board's name; nil when nothing says it.
    package var board: String?
    /// The agent's version.
    package var agent: AgentVersion

    /// Describes a machine.
    package init(architecture: String, board: String? = nil, agent: AgentVersion) {
        self.architecture = architecture
        self.board = board
        self.agent = agent
    }
}

/// What the operator asked for on the command line.
package struct UpgradeOptions: Equatable, Sendable {
    /// The one role to upgrade; nil for active, which recovery follows once that has been healthy.
    package var only: Role?
    /// Upgrade recovery at once, when it is older.
    package var withRecovery = false
    /// Accept a lower sequence.
    package var allowsDowngrade = false
    /// Accept another product than what is installed.
    package var allowsOtherProduct = false
    /// Accept what is not signed by a trusted key.
    package var allowsUnsigned = false
    /// Give up the passive image when there is no room for three.
    package var allowsGivingUpPassive = false

    /// Nothing special.
    package init() {}
}
