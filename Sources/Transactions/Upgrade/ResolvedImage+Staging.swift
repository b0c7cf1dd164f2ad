import ImageFetching
package import ImageModel
import RegistryAccess
package import RegistryModel
import ReleaseModel
package import SystemPackage
import TransactionPlanning

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
        case .container:
            throw Refusal(
                .impossible, "upgrading to", candidate.reference, cause: "it is a container image",
                remedy: "This agent cannot make an image of it yet.")
        }
    }
}
