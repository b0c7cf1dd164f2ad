package import ImageModel
package import RegistryModel
import ReleaseModel
package import SystemPackage

/// Stands where a plan deploys no image.
package struct NoSupplier: ImageSupplier {
    /// Supplies nothing.
    package init() {}

    /// Nothing is moved.
    package var traffic: Traffic { Traffic() }

    /// What signed it where it lies counts here too.
    package var needsLocalSignature: Bool { false }

    /// Fails, for no image was to be deployed.
    package func stage(
        in folder: FilePath, locals: [FilePath], progress: StepProgress
    ) throws -> (image: DeployableImage, notes: [String]) {
        throw Refusal(
            .impossible, "staging", folder.string, cause: "no image was named", remedy: "Report this; it is a fault.")
    }
}
