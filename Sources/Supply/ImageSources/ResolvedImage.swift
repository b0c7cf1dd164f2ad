import Faults
package import ImageAssembly
import ImageFetching
package import ImageModel
package import ImagePlanning
package import InstalledSystem
import RegistryAccess
package import RegistryModel
package import SystemPackage
package import TransactionPlanning
import TransferPlanning

/// What a reference resolved to: asked for once, from then on by digest.
package struct ResolvedImage: ~Copyable {
    /// How its files come.
    enum Content {
        case artifact(ImageDocuments)
        case container(ContainerDescription)
    }

    /// Where it is.
    var source: AnySource
    let content: Content
    /// What is known about it.
    package internal(set) var candidate: ImageCandidate
    /// Whether the policy allows to fetch the root file as a whole.
    package var mayFetchWhole = true
    /// What to say of key files that are no keys, a sentence each.
    package var skippedKeys: [String] = []
    /// The image that runs, whose kernel and initrd serve a container image without any.
    package var local: LocalBootFiles?
    /// The kernel that a container image is to boot with; nil takes the newest in it.
    package var kernelVersion: KernelVersion?
    /// Names of checks whose findings about a container image are accepted.
    package var allowedChecks: Set<String> = []
}

extension ResolvedImage: ImageSupplier {
    /// What was moved over the network so far.
    package var traffic: Traffic { source.traffic }

    /// Where no trusted key signed it for the boot, only this machine can.
    package var signature: BootSignature { candidate.bootsSigned ? .publisher : .thisMachine }

    /// Fetches the image, or makes it of a container image.
    package mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, notes: [String]) {
        switch content {
        case .artifact(let documents):
            let fetch = ArtifactFetch(documents, locals: locals, policy: mayFetchWhole ? .allow : .refuse)
            let (image, summary) = try fetch.run(into: folder, from: &source) { try progress($0) }
            let (fetched, copied) = (ByteText.scaled(summary.traffic.bytesReceived), ByteText.scaled(summary.copied))
            let figures =
                "\(fetched) fetched in \(summary.traffic.requests) requests, \(copied) copied from local images"
            return (image, skippedKeys + summary.notes + [figures])
        case .container(let description):
            var request = ContainerRequest(container: description, staging: folder, local: local)
            request.kernelVersion = kernelVersion
            request.allowedChecks = allowedChecks
            let made = try ContainerAssembly.run(request, from: &source) { try progress($0) }
            return (made.image, skippedKeys + made.notes + made.warnings)
        }
    }
}
