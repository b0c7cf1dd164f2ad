import BootHealth
import BootModel
import Cryptography
import DiskContract
import Faults
import GrubEnvironment
import ImageAssembly
package import ImageModel
package import ImageSources
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

    /// Whether the root file may be fetched as a whole; true when nothing is fetched.
    var mayFetchWhole: Bool {
        switch image {
        case .some(let image): image.mayFetchWhole
        case nil: true
        }
    }
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
package struct UpgradeOperation<Machine: OperationMachine & ~Copyable>: ~Copyable {
    private let request: UpgradeRequest
    private let sources: ImageSources
    private let running: (role: Role, image: ImageID)
    private let machineID: String
    private let unsavable: String?
    private let isCancelled: () -> Bool
    /// Keeps other operations away as long as this value lives; nil where the caller does.
    private let session: OperationSession?
    private var machine: Machine

    /// Takes everything as values.
    ///
    /// - Parameters:
    ///   - running: the role and image that run.
    ///   - machineID: decides which share of a rollout this machine has (machine-id(5)).
    ///   - unsavable: why GRUB could not write `boot.env` at this boot; nil when it could, or nobody knows.
    ///   - isCancelled: asked often whether to stop.
    ///   - session: keeps other operations away until this one has ended; nil where the caller does.
    package init(
        _ request: UpgradeRequest, on machine: consuming Machine, from sources: ImageSources,
        running: (role: Role, image: ImageID), machineID: String, unsavable: String? = nil,
        isCancelled: @escaping () -> Bool = { false }, session: OperationSession? = nil
    ) {
        self.request = request
        self.sources = sources
        self.running = running
        self.machineID = machineID
        self.unsavable = unsavable
        self.isCancelled = isCancelled
        self.session = session
        self.machine = machine
    }

    /// Finds out what there is to do; writes at most which channel document was seen.
    ///
    /// - Parameter keepsRecord: whether a channel's document is put on record.
    /// - Throws: `Refusal` with the reason not to upgrade; the errors of source and disk.
    package mutating func prepare(keepsRecord: Bool) throws -> PreparedUpgrade {
        let environment = try machine.environment()
        let (state, recovery) = (MachineReading.store(.state, machine), MachineReading.store(.recovery, machine))
        var notes = sources.configuration.notes
        var release: ChannelRelease?
        var reference: SourceReference?
        var copy: ChannelCopy?
        if request.source == nil {
            let channel = try followChannel(keepsRecord: keepsRecord, &notes)
            let installed = UpgradeFacts.installedSequence(
                environment, state: state, recovery: recovery, only: request.options.only)
            notes.append(channel.trust)
            release = try choose(channel, installed, &notes)
            guard let release else {
                return PreparedUpgrade(plan: UpgradePlan(nothing: notes), release: nil, candidate: nil)
            }
            let image = try channel.image(of: release)
            (reference, copy) = (image, channel.copy)
            if let candidate = SettledUpgrade.candidate(
                release, at: "\(image)", known: known(copy), active: environment.active, state: state,
                on: sources.machine),
                var plan = SettledUpgrade.plan(facts(candidate, environment, state, recovery))
            {
                plan.notes = notes + plan.notes
                return PreparedUpgrade(plan: plan, release: release, candidate: candidate)
            }
        }
        let image = try resolve(reference)
        let facts = facts(image.candidate, environment, state, recovery)
        var plan = try UpgradePlan(facts)
        if keepsRecord, var copy, let release, let installed = SettledUpgrade.finding(release, facts) {
            copy.installed = installed
            keep(copy, &notes)
        }
        plan.notes = notes + plan.notes
        return PreparedUpgrade(plan: plan, release: release, candidate: image.candidate, image: image)
    }

    private func facts(
        _ candidate: ImageCandidate, _ environment: BootEnvironment, _ state: StoreFacts, _ recovery: StoreFacts
    ) -> UpgradeFacts {
        UpgradeFacts(
            runningRole: running.role, runningImage: running.image, environment: environment,
            unsavable: unsavable, state: state, recovery: recovery, machine: sources.machine,
            candidate: candidate, policy: sources.configuration.policy, options: request.options)
    }

    /// Runs what was prepared.
    ///
    /// A failure of recovery's part after active's commit is a warning.
    ///
    /// - Throws: `TransactionFailure` when nothing was committed, or when it was cancelled.
    package consuming func run(
        _ prepared: consuming PreparedUpgrade, observer: @escaping TransactionObserver
    ) throws(TransactionFailure) -> UpgradeResult {
        // Consuming a value ends each of its parts with its last use; the lock has none.
        let session = session
        defer { withExtendedLifetime(session) {} }
        let plan = prepared.plan
        guard let image = prepared.image.take() else { return UpgradeResult() }
        let (hooks, isCancelled) = (hooks(prepared.candidate), isCancelled)
        var effects = UpgradeEffects(machine: machine, supplier: image, hooks: hooks, running: running)
        let told = session?.noting(observer) ?? observer
        return try UpgradeSequence.run(plan, &effects, isCancelled: isCancelled, observer: told)
    }

    private func hooks(_ candidate: ImageCandidate?) -> HookRunner {
        HookRunner(
            isStrict: sources.configuration.hooksAreStrict && !request.hooksAreLenient,
            environment: [
                "LIFEBOOT_OPERATION=upgrade", "LIFEBOOT_ROLE=\(running.role.rawValue)",
                "LIFEBOOT_IMAGE=\(running.image)", "LIFEBOOT_NEW_VERSION=\(candidate?.version ?? "")",
            ])
    }

    private func resolve(_ reference: SourceReference?) throws -> ResolvedImage {
        var wanted = SourceRequest(request.source ?? "")
        wanted.allowsUnsigned = request.options.allowsUnsigned
        wanted.refusesFullDownload = request.refusesFullDownload
        wanted.kernelVersion = request.access.kernelVersion
        wanted.allowedChecks = request.access.allowedChecks
        let folder = ImageStore(MachinePaths.store(running.role)).directory(running.image)
        return try sources.resolve(wanted, at: reference, for: "upgrading to", running: folder)
    }

    // MARK: Channels

    private mutating func followChannel(keepsRecord: Bool, _ notes: inout [String]) throws -> FollowedChannel {
        let (memory, copy) = try machine.read(.state) {
            (try ChannelRecord.read(at: $0), ChannelRecord.copy(at: $0))
        }
        let channel = try sources.channel(allowsUnsigned: request.options.allowsUnsigned, copy: copy)
        let reference = channel.reference.description
        let lastSeen = memory.issued[reference]
        guard let now = UTCTime(seconds: machine.now()) else {
            throw Refusal(
                .channelExpired, "following", reference, cause: "this machine's clock is far out",
                remedy: "Set the clock.")
        }
        try channel.document.check(now: now, lastSeen: lastSeen)
        let name = channel.document.name
        try memory.check(reference, name: name, allowsOther: request.options.allowsOtherProduct)
        let isNew = lastSeen != channel.document.issued || memory.names[reference] != name
        if keepsRecord, channel.isSigned, isNew {
            try ChannelRecord.note(channel, at: try machine.open(.state))
            try machine.close(.state)
        }
        if keepsRecord, let new = channel.copy, new != copy { keep(new, &notes) }
        return channel
    }

    /// Which releases are known to be which images.
    private func known(_ copy: ChannelCopy?) -> [ChannelCopy.Installed] {
        let bytes = try? machine.read(.state) { root in
            try FileBytes.readIfPresent(
                root.appending(InstalledRecord.file.components), limit: InstalledRecord.sizeLimit)
        }
        let record = bytes.flatMap(\.self).flatMap { InstalledRecord(parsing: $0) }
        return [copy?.installed, record?.release].compactMap(\.self)
    }

    /// Keeps what spares requests the next time; that it could not be kept is no reason to stop.
    private mutating func keep(_ copy: ChannelCopy, _ notes: inout [String]) {
        do {
            try ChannelRecord.keep(copy, at: try machine.open(.state))
            try machine.close(.state)
        } catch {
            notes.append("the channel's document could not be kept, so the next question is longer: \(error)")
        }
    }

    private func choose(
        _ channel: FollowedChannel, _ installed: Int64?, _ notes: inout [String]
    ) throws -> ChannelRelease? {
        let choice = channel.document.choice(
            installed: installed, machineID: machineID,
            allowingDowngrade: request.options.allowsDowngrade || sources.configuration.policy.downgrade == .allow)
        if let known = channel.document.releases.first(where: { $0.sequence == installed }),
            let reason = known.withdrawn
        {
            notes.append("\(known.version), which is installed, was withdrawn: \(reason)")
        }
        switch choice {
        case .release(let release, let isStep):
            if isStep { notes.append("a newer release needs \(release.version) first") }
            if release.isCritical { notes.append("this release is critical") }
            if let text = release.notes { notes.append("\(release.version): \(text)") }
            return release
        case .upToDate:
            notes.append("channel \(channel.document.name) has nothing newer")
            // Recovery may have stayed behind when an earlier upgrade was cut.
            return channel.document.offered(sequence: installed)
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

/// What `lifeboot upgrade` was asked for.
package struct UpgradeRequest: Equatable, Sendable {
    /// The source as it was typed; nil follows the channel.
    package var source: String?
    /// What the operator allowed.
    package var options = UpgradeOptions()
    /// Whether fetching the image as a whole is refused whatever the policy says.
    package var refusesFullDownload = false
    /// Whether failures of hooks are only warnings.
    package var hooksAreLenient = false
    /// How the source is reached; what is accepted is in the options.
    package var access: SourceAccess

    /// Asks for what the channel has.
    package init(access: SourceAccess) { self.access = access }

    /// Makes an upgrade of the machine that this program runs on.
    ///
    /// - Parameters:
    ///   - changes: whether it is to be run, so that no other operation may be at work; else it is only prepared.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root, another operation is at work, or no system of ours runs;
    ///   `ConfigurationError`, and the errors of what could not be read.
    package func operation(
        changes: Bool, observer: @escaping TransactionObserver
    ) throws -> UpgradeOperation<InstalledSystem.Machine> {
        let session = try OperationSession("upgrade", changes: changes, observer: observer)
        let running = try MachineReading.running("upgrade")
        let disk = try FoundDisk().get()
        try OperationSession.separateMounts()
        return UpgradeOperation(
            self, on: InstalledSystem.Machine(disk: disk), from: try access.sources(),
            running: running, machineID: try MachineReading.machineID(),
            unsavable: try GrubSaving.failure(of: InstalledSystem.Machine(disk: disk)),
            isCancelled: OperationSession.isCancelled, session: session)
    }
}
