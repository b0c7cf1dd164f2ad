package import Cryptography
import DiskContract
import Faults
import ImageAssembly
import ImageFolders
package import ImageModel
package import ImagePlanning
import LinuxSystem
import Plans
package import RegistryAccess
package import RegistryModel
package import ReleaseModel
package import SystemPackage
package import TransactionPlanning

/// What is asked of a source of images.
package struct SourceRequest: Equatable, Sendable {
    /// The source as it was typed.
    package var source: String
    /// Whether an image is accepted that no trusted key has signed.
    package var allowsUnsigned = false
    /// Whether fetching an image as a whole is refused whatever the policy says.
    package var refusesFullDownload = false
    /// Whether the registry that the source names may be spoken to without TLS.
    package var allowsPlainHTTP = false
    /// The kernel that a container image is to boot with; nil takes the newest in it.
    package var kernelVersion: KernelVersion?
    /// Names of checks whose findings about a container image are accepted.
    package var allowedChecks: Set<String> = []

    /// Names a source.
    package init(_ source: String) { self.source = source }
}

/// Gets from a source to an image that this machine takes: the only way there is.
package struct ImageSources {
    /// What the machine accepts, and how registries are reached.
    package let configuration: AgentConfiguration
    /// The keys that may sign.
    package let keys: [TrustedKey]
    /// What an image has to fit.
    package let machine: MachineTraits
    /// What to say of key files that are no keys, a sentence each.
    package let skippedKeys: [String]
    private let access: RegistryConfiguration
    private let isCancelled: () -> Bool

    /// Takes everything as values.
    ///
    /// - Parameters:
    ///   - access: how registries are reached; see `AgentConfiguration.access`.
    ///   - skippedKeys: what to say of key files that are no keys.
    ///   - isCancelled: asked often whether to stop.
    package init(
        configuration: AgentConfiguration, access: RegistryConfiguration, keys: [TrustedKey], machine: MachineTraits,
        skippedKeys: [String] = [], isCancelled: @escaping () -> Bool = { false }
    ) {
        self.configuration = configuration
        self.access = access
        self.keys = keys
        self.machine = machine
        self.skippedKeys = skippedKeys
        self.isCancelled = isCancelled
    }

    /// Reads the configuration and the keys of the machine that this program runs on.
    ///
    /// - Parameters:
    ///   - authFile: a docker-style file with credentials that counts before the others.
    ///   - certificateAuthority: a PEM file with authorities to trust.
    ///   - keyFolders: where the keys lie that may sign.
    /// - Throws: `ConfigurationError`; `SystemError` when a folder of keys cannot be read.
    package init(
        ofThisMachineFor agent: AgentVersion, authFile: FilePath? = nil, certificateAuthority: FilePath? = nil,
        keyFolders: [FilePath] = SystemSeal().keyDirectories, isCancelled: @escaping () -> Bool
    ) throws {
        let configuration = try ConfigurationFiles.read()
        let (keys, skipped) = try TrustedKey.usable(in: keyFolders)
        self.init(
            configuration: configuration,
            access: try configuration.access(authFile: authFile, certificateAuthority: certificateAuthority),
            keys: keys, machine: MachineTraits(ofThisMachineFor: agent, board: configuration.policy.board),
            skippedKeys: skipped.map(\.description), isCancelled: isCancelled)
    }

    /// Opens a source.
    ///
    /// - Throws: the errors of the source.
    package func open(_ reference: SourceReference, allowsPlainHTTP: Bool = false) throws -> AnySource {
        var access = access
        if allowsPlainHTTP, case .registry(let image) = reference {
            access.registries["\(image.registry)", default: .init()].allowsPlainHTTP = true
        }
        let isCancelled = isCancelled
        return try AnySource(opening: reference, access, userAgent: "lifeboot/\(machine.agent)") {
            if isCancelled() { throw CancellationRequest(isOverdue: Interruption.isOverdue) }
        }
    }

    /// Asks a source what it has, and refuses what this machine must not take.
    ///
    /// - Parameters:
    ///   - reference: the source; nil to take it from the request.
    ///   - operation: what is done with the image, as a verb in -ing form.
    ///   - running: the folder of the image that runs, whose kernel serves a container image without any.
    /// - Throws: `Refusal` for signature, machine type, board or agent; the errors of the source.
    package func resolve(
        _ request: SourceRequest, at reference: SourceReference? = nil, for operation: String, running: FilePath? = nil
    ) throws -> ResolvedImage {
        let reference = try reference ?? SourceReference(typed: request.source)
        let source = try open(reference, allowsPlainHTTP: request.allowsPlainHTTP)
        var image = try ImageResolution.resolve(
            reference, source, keys: keys, architecture: machine.architecture, for: operation)
        // As it was typed: what it means is in the digests.
        if !request.source.isEmpty { image.candidate.reference = request.source }
        do throws(Refusal) {
            try ImageAcceptance(
                image.candidate, on: machine, policy: configuration.policy, allowsUnsigned: request.allowsUnsigned,
                for: operation
            ).check()
        } catch { throw withSkippedKeys(error) }
        image.skippedKeys = skippedKeys
        image.mayFetchWhole = !request.refusesFullDownload && configuration.policy.fullDownload == .allow
        image.kernelVersion = request.kernelVersion
        image.allowedChecks = request.allowedChecks
        if let running { image.local = LocalBootFiles(directory: running, root: "/") }
        return image
    }

    /// Says of an image that no key signed which key files did not count: the one that did may be among them.
    private func withSkippedKeys(_ error: Refusal) -> Refusal {
        guard error.kind == .untrusted, !skippedKeys.isEmpty else { return error }
        return Refusal(
            error.kind, error.operation, error.subject,
            cause: ([error.cause] + skippedKeys).joined(separator: "; "), remedy: error.remedy)
    }

    /// Reads the channel that is configured, and checks who signed it.
    ///
    /// - Parameter copy: what was read the last time; nil to read everything.
    /// - Throws: `Refusal` when none is configured, or it is not signed; the errors of the source; `ChannelError`.
    package func channel(allowsUnsigned: Bool, copy: ChannelCopy? = nil) throws -> FollowedChannel {
        guard let text = configuration.channel else {
            throw Refusal(
                .notFound, "upgrading", "this machine", cause: "no channel is configured",
                remedy: "Name a source, or write `channel: oci://…` into /etc/lifeboot/config.yaml.")
        }
        let reference = try SourceReference(parsing: text)
        return try ChannelFollowing.read(
            reference, try open(reference), keys: keys,
            allowsUnsigned: (allowsUnsigned || configuration.policy.unsigned == .allow)
                && !configuration.policy.isSealed, copy: copy)
    }
}
