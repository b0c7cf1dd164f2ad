import BootModel
import Cryptography
import DiskContract
import GrubEnvironment
import ImageAssembly
package import ImageModel
import Plans
import RegistryAccess
import RegistryModel
import ReleaseModel
package import SystemPackage
package import TransactionPlanning

/// Names a source of images for a reset or an installation, and how it is reached.
package struct SourceRequest: Equatable, Sendable {
    /// The source as it was typed.
    package var source: String
    /// Whether an image is accepted that no trusted key has signed.
    package var allowsUnsigned = false
    /// A docker-style file with credentials.
    package var authFile: FilePath?
    /// A PEM file with authorities to trust.
    package var certificateAuthority: FilePath?
    /// Whether the registry that the source names may be spoken to without TLS.
    package var allowsPlainHTTP = false
    /// The folders with the keys that may sign.
    package var keyDirectories = MachinePaths.keyDirectories
    /// The version of this agent.
    package var agent: AgentVersion

    /// Names a source.
    package init(_ source: String, agent: AgentVersion) {
        self.source = source
        self.agent = agent
    }

    /// Asks the source what it has, and refuses what an upgrade would refuse; what is installed plays no part.
    ///
    /// - Parameters:
    ///   - operation: what is done with it, as a verb in -ing form.
    ///   - running: the folder of the image that runs, whose kernel serves a container image without any.
    /// - Throws: `Refusal` for signature, machine type, board or agent; the errors of configuration and source.
    package func resolve(
        for operation: String, running: FilePath?, isCancelled: @escaping () -> Bool
    ) throws -> ResolvedImage {
        let configuration = try ConfigurationFiles.read()
        var access = try configuration.access(authFile: authFile, certificateAuthority: certificateAuthority)
        let reference = try SourceReference(parsing: source)
        if allowsPlainHTTP, case .registry(let image) = reference {
            access.registries["\(image.registry)", default: .init()].allowsPlainHTTP = true
        }
        let opened = try AnySource(opening: reference, access, userAgent: "lifeboot/\(agent)") {
            if isCancelled() { throw CancellationRequest() }
        }
        var image = try ImageResolution.resolve(
            reference, opened, keys: try TrustedKey.all(in: keyDirectories),
            architecture: MachineReading.architecture)
        if let running { image.local = LocalBootFiles(directory: running, root: "/") }
        try check(image.candidate, configuration.policy, operation)
        return image
    }

    private func check(_ candidate: ImageCandidate, _ policy: Policy, _ operation: String) throws(Refusal) {
        let machine = MachineTraits(
            architecture: MachineReading.architecture, board: policy.board ?? MachineReading.board(), agent: agent)
        var options = UpgradeOptions()
        options.allowsUnsigned = allowsUnsigned || policy.unsigned == .allow
        let nothing = BootEnvironment()
        let facts = UpgradeFacts(
            runningRole: .recovery, runningImage: ImageID(manifestDigest: candidate.digest), environment: nothing,
            state: StoreFacts(free: 0),
            recovery: StoreFacts(free: 0), machine: machine, candidate: candidate, policy: policy, options: options)
        do throws(Refusal) { try facts.check() } catch {
            var refusal = error
            refusal.operation = operation
            throw refusal
        }
    }
}

extension PlannedImage {
    /// What is known of an image before it is fetched.
    package init(_ candidate: ImageCandidate) {
        self.init(
            source: candidate.reference, id: candidate.id, title: candidate.title,
            size: Int64(clamping: candidate.bytes) + Int64(clamping: candidate.workspace),
            staging: DiskFiles.staging(for: candidate.digest))
    }
}
