import ImageAssembly
import ImageFetching
package import ImageModel
import RegistryAccess
package import RegistryModel
package import SystemPackage
import TransactionPlanning
import TransferPlanning

extension ResolvedImage: ImageSupplier {
    /// What was moved over the network so far.
    package var traffic: Traffic { source.traffic }

    /// Whether only this machine can sign the image for the boot.
    package var needsLocalSignature: Bool { !candidate.bootsSigned }

    /// Fetches the image, or makes it of a container image.
    package mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: StepProgress
    ) throws -> (image: DeployableImage, notes: [String]) {
        switch content {
        case .artifact(let documents):
            let fetch = ArtifactFetch(documents, locals: locals, policy: mayFetchWhole ? .allow : .refuse)
            let (image, summary) = try fetch.run(into: folder, from: &source) { try progress.report($0) }
            let figures =
                "\(summary.traffic.bytesReceived) bytes fetched in \(summary.traffic.requests) requests, "
                + "\(summary.copied) copied from local images"
            return (image, summary.notes + [figures])
        case .container(let description):
            let request = ContainerRequest(container: description, staging: folder, local: local)
            let made = try ContainerAssembly.run(request, from: &source) { try progress.report($0) }
            return (made.image, made.notes)
        }
    }
}
