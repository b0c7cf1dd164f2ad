import BootModel
import Cryptography
import DiskContract
import GrubEnvironment
import ImageAssembly
package import ImageModel
package import InstalledSystem
import LinuxSystem
import Plans
import RegistryAccess
package import RegistryModel
package import ReleaseModel
import SystemPackage
package import TransactionPlanning

/// An upgrade that is ready to run, or the finding that there is nothing to do.
package struct PreparedUpgrade: ~Copyable {
    /// What is done.
    package let plan: UpgradePlan
    /// The release that the channel chose; nil without a channel.
    package let release: ChannelRelease?
    /// What is known of the image; nil when the channel has nothing.
    package let candidate: ImageCandidate?
    var image: ResolvedImage?
}

/// What became of an upgrade.
package struct UpgradeResult: Equatable, Sendable {
    /// Whether a commit was made.
    package var isChanged = false
    /// The image that was put in place.
    package var image: ImageID?
    /// What moved over the network.
    package var traffic = Traffic()
    /// What failed after a commit, or was optional.
    package var warnings: [String] = []

    /// Nothing done yet.
    package init() {}
}

/// The whole of `lifeboot upgrade`, without its arguments and its words.
package struct UpgradeOperation {
    private let request: UpgradeRequest
    private let configuration: AgentConfiguration
    private let disk: BootDisk
    private let running: (role: Role, image: ImageID)
    private let keys: [TrustedKey]
    private let isCancelled: () -> Bool

    /// Reads the configuration and finds the boot disk.
    ///
    /// - Parameter isCancelled: asked often whether to stop.
    /// - Throws: `ConfigurationError`, `Refusal`, and the errors of what could not be read.
    package init(_ request: UpgradeRequest, disk: BootDisk, isCancelled: @escaping () -> Bool) throws {
        self.request = request
        self.disk = disk
        self.isCancelled = isCancelled
        configuration = try ConfigurationFiles.read()
        running = try MachineReading.running()
        keys = try TrustedKey.all(in: MachinePaths.keyDirectories)
    }

    private var policy: Policy { configuration.policy }
    private var allowsUnsigned: Bool { request.options.allowsUnsigned || policy.unsigned == .allow }

    /// Finds out what there is to do; writes at most which channel document was seen.
    ///
    /// - Parameter keepsRecord: whether a channel's document is put on record.
    /// - Throws: `Refusal` with the reason not to upgrade; the errors of source and disk.
    package func prepare(keepsRecord: Bool) throws -> PreparedUpgrade {
        let machine = Machine(disk: disk)
        let environment = try machine.environment()
        let (state, recovery) = (MachineReading.store(.state, machine), MachineReading.store(.recovery, machine))
        var notes: [String] = []
        var release: ChannelRelease?
        let reference: SourceReference
        if let text = request.source {
            reference = try SourceReference(parsing: text)
        } else {
            let channel = try followChannel(keepsRecord: keepsRecord)
            let installed = UpgradeFacts.installedSequence(
                environment, state: state, recovery: recovery, only: request.options.only)
            notes.append(channel.trust)
            release = try choose(channel, installed, &notes)
            guard let release else {
                return PreparedUpgrade(plan: UpgradePlan(nothing: notes), release: nil, candidate: nil)
            }
            reference = try channel.image(of: release)
        }
        let image = try resolve(reference)
        var facts = UpgradeFacts(
            runningRole: running.role, runningImage: running.image, environment: environment,
            unsavable: request.unsavable, state: state, recovery: recovery, machine: traits,
            candidate: image.candidate, policy: policy, options: request.options)
        facts.options.allowsUnsigned = allowsUnsigned
        var plan = try UpgradePlan(facts)
        plan.notes = notes + plan.notes
        return PreparedUpgrade(plan: plan, release: release, candidate: image.candidate, image: image)
    }

    /// Runs what was prepared.
    ///
    /// A failure of recovery's part after active's commit is a warning.
    ///
    /// - Throws: `TransactionFailure` when nothing was committed, or when it was cancelled.
    package func run(
        _ prepared: consuming PreparedUpgrade, observer: @escaping TransactionObserver
    ) throws(TransactionFailure) -> UpgradeResult {
        let plan = prepared.plan
        guard let image = prepared.image.take() else { return UpgradeResult() }
        var effects = UpgradeEffects(
            machine: Machine(disk: disk), supplier: image, hooks: hooks(prepared.candidate),
            running: running)
        return try UpgradeSequence.run(plan, &effects, isCancelled: isCancelled, observer: observer)
    }

    private var traits: MachineTraits {
        MachineTraits(
            architecture: MachineReading.architecture, board: policy.board ?? MachineReading.board(),
            agent: request.agent)
    }

    private func hooks(_ candidate: ImageCandidate?) -> HookRunner {
        HookRunner(
            isStrict: configuration.hooksAreStrict && !request.hooksAreLenient,
            environment: [
                "LIFEBOOT_OPERATION=upgrade", "LIFEBOOT_ROLE=\(running.role.rawValue)",
                "LIFEBOOT_IMAGE=\(running.image)", "LIFEBOOT_NEW_VERSION=\(candidate?.version ?? "")",
            ])
    }

    private func open(_ reference: SourceReference) throws -> AnySource {
        let access = try configuration.access(
            authFile: request.authFile, certificateAuthority: request.certificateAuthority)
        let isCancelled = isCancelled
        return try AnySource(opening: reference, access, userAgent: "lifeboot/\(request.agent)") {
            if isCancelled() { throw CancellationRequest() }
        }
    }

    private func resolve(_ reference: SourceReference) throws -> ResolvedImage {
        var image = try ImageResolution.resolve(
            reference, try open(reference), keys: keys, architecture: MachineReading.architecture)
        let store = ImageStore(MachinePaths.store(running.role))
        image.local = LocalBootFiles(directory: store.directory(running.image), root: "/")
        image.mayFetchWhole = !request.refusesFullDownload && policy.fullDownload == .allow
        return image
    }

    // MARK: Channels

    private func followChannel(keepsRecord: Bool) throws -> FollowedChannel {
        guard let text = configuration.channel else {
            throw Refusal(
                .notFound, "upgrading", "this machine", cause: "no channel is configured",
                remedy: "Name a source, or write `channel: oci://…` into /etc/lifeboot/config.yaml.")
        }
        let reference = try SourceReference(parsing: text)
        let channel = try ChannelFollowing.read(
            reference, try open(reference), keys: keys, allowsUnsigned: allowsUnsigned)
        var machine = Machine(disk: disk)
        let memory = try machine.read(.state) { try ChannelRecord.read(at: $0) }
        let lastSeen = memory.issued[reference.description]
        guard let now = UTCTime(seconds: machine.now()) else {
            throw Refusal(
                .channelExpired, "following", "\(reference)", cause: "this machine's clock is far out",
                remedy: "Set the clock.")
        }
        try channel.document.check(now: now, lastSeen: lastSeen)
        if keepsRecord, channel.isSigned, lastSeen != channel.document.issued {
            try ChannelRecord.note(channel, at: try machine.open(.state))
            try machine.close(.state)
        }
        return channel
    }

    private func choose(
        _ channel: FollowedChannel, _ installed: Int64?, _ notes: inout [String]
    ) throws -> ChannelRelease? {
        let choice = channel.document.choice(
            installed: installed, machineID: try MachineReading.machineID(),
            allowingDowngrade: request.options.allowsDowngrade || policy.downgrade == .allow)
        switch choice {
        case .release(let release, let isStep):
            if isStep { notes.append("a newer release needs \(release.version) first") }
            if release.isCritical { notes.append("this release is critical") }
            if let text = release.notes { notes.append("\(release.version): \(text)") }
            return release
        case .upToDate:
            notes.append("channel \(channel.document.name) has nothing newer")
            // Recovery may have stayed behind when an earlier upgrade was cut.
            return channel.document.releases.first { $0.sequence == installed }
        case .held(let release):
            notes.append("\(release.version) is not rolled out to this machine yet")
            return nil
        case .unreachable(let release):
            notes.append(
                "\(release.version) cannot be reached from what is installed: the channel has no release in between")
            return nil
        }
    }
}
