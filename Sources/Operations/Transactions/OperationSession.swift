import BootModel
import DiskContract
import Faults
import ImageFolders
package import ImageModel
package import ImagePlanning
package import ImageSources
import InstalledSystem
import LinuxSystem
package import Plans
import ReleaseModel
package import SystemPackage
import TransactionPlanning

/// What every operation on this machine does first, and holds while it runs.
package struct OperationSession {
    private let lock: FileLock?
    private let observer: TransactionObserver
    private let progress: OperationProgress?

    /// Checks that this is root on a machine of ours, notes signals from now on, and takes the machine.
    ///
    /// - Parameters:
    ///   - name: the verb.
    ///   - changes: whether it changes anything, so that no other operation may run beside it.
    ///   - isAnywhere: whether it works on a machine that lifeboot has not started, too.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root, lifeboot has not started this machine, or another operation is at work
    ///   that was not started by a unit.
    package init(
        _ name: String, changes: Bool = true, isAnywhere: Bool = false, observer: @escaping TransactionObserver
    ) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot(name) }
        if !isAnywhere { _ = try Machine().requireOurs(name) }
        try Interruption.catchSignals()
        lock = changes ? try OperationLock.take(name) { observer(.note($0)) } : nil
        progress = changes ? OperationProgress(name) : nil
        self.observer = Self.noting(progress, observer)
    }

    /// An observer that also notes how far the operation is, for an operation that runs its plans by other means.
    func noting(_ observer: @escaping TransactionObserver) -> TransactionObserver { Self.noting(progress, observer) }

    private static func noting(
        _ progress: OperationProgress?, _ observer: @escaping TransactionObserver
    ) -> TransactionObserver {
        { event in
            progress?.take(event)
            observer(event)
        }
    }

    /// Whether somebody asked to stop.
    package static var isCancelled: @Sendable () -> Bool { { Interruption.isRequested } }

    /// Gives this process mounts of its own, which are gone when it ends, whatever ends it.
    ///
    /// - Throws: `SystemError`.
    package static func separateMounts() throws {
        // A partition that another command has mounted at this moment would stay mounted here.
        try OperationLock.withPartitions { try MountNamespace.unshare() }
    }

    /// Runs a plan.
    ///
    /// - Parameter remedy: what to do when it fails, where that is not to try again.
    /// - Throws: `TransactionFailure`.
    package func run<Effects: TransactionEffects & ~Copyable>(
        _ plan: Plan<Effects.Action>, _ effects: inout Effects, remedy: String? = nil
    ) throws(TransactionFailure) -> TransactionOutcome {
        do throws(TransactionFailure) {
            return try TransactionRunner.run(plan, &effects, isCancelled: Self.isCancelled, observer: observer)
        } catch {
            var failure = error
            if let remedy { failure.remedy = remedy }
            Self.tell(failure)
            throw failure
        }
    }

    /// Tells systemd's journal what failed; the verb tells whoever started it.
    private static func tell(_ failure: TransactionFailure) {
        let line = (try? Procfs.commandLine()) ?? ""
        let entry = JournalEntry(
            failure: "\(failure)", of: failure.kind.operation, step: failure.kind.step,
            in: BootParameters(KernelCommandLine(parsing: line)))
        JournalSocket.send(entry.datagram)
    }
}

/// How sources of images are reached, with what an operator adds to the configuration.
package struct SourceAccess: Equatable, Sendable {
    /// Whether an image is accepted that no trusted key has signed.
    package var allowsUnsigned = false
    /// A docker-style file with credentials.
    package var authFile: FilePath?
    /// A PEM file with authorities to trust.
    package var certificateAuthority: FilePath?
    /// The kernel that a container image is to boot with; nil takes the newest in it.
    package var kernelVersion: KernelVersion?
    /// Names of checks whose findings about a container image are accepted.
    package var allowedChecks: Set<String> = []
    /// How long the operation may take up to its commit; nil for what the configuration says.
    package var deadline: Duration?
    /// The version of this agent.
    package var agent: AgentVersion

    /// Reaches them as the configuration says.
    package init(agent: AgentVersion) { self.agent = agent }

    /// Asks a source what it has for this machine.
    ///
    /// - Parameters:
    ///   - operation: what is done with the image, as a verb in -ing form.
    ///   - running: the folder of the image that runs; nil when none does.
    /// - Throws: as `ImageSources.resolve`.
    package func resolve(_ source: String, for operation: String, running: FilePath?) throws -> ResolvedImage {
        var request = SourceRequest(source)
        request.allowsUnsigned = allowsUnsigned
        request.kernelVersion = kernelVersion
        request.allowedChecks = allowedChecks
        return try sources().resolve(request, for: operation, running: running)
    }

    /// The sources, as this machine's configuration and keys have them; the time of the operation runs from now on.
    ///
    /// - Parameter keyFolders: where the keys lie that may sign.
    /// - Throws: as `ImageSources.init`.
    package func sources(keyFolders: [FilePath] = SystemSeal().keyDirectories) throws -> ImageSources {
        let sources = try ImageSources(
            ofThisMachineFor: agent, authFile: authFile, certificateAuthority: certificateAuthority,
            keyFolders: keyFolders, isCancelled: OperationSession.isCancelled)
        Interruption.demand(after: deadline ?? sources.configuration.deadline)
        return sources
    }
}
