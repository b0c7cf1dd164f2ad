package import Faults
import PackageSpecs
import SystemPackage

/// Says why a layer has no image.
package typealias LayerImageError = Fault<LayerImageFault>

/// Names why a layer has no image.
package enum LayerImageFault: FaultKind {
    /// Nobody described one.
    case absent
}

extension LayerImageError {
    static func containerless(_ folder: FilePath) -> LayerImageError {
        LayerImageError(
            .absent, "building the image of", "\(folder)", cause: "there is no Containerfile and no Dockerfile in it",
            remedy: "Name the folder that has one, which is what its COPY lines see.")
    }

    static func absent(_ layer: FilePath) -> LayerImageError {
        LayerImageError(
            .absent, "building the image of", "\(layer)", cause: "there is no \(DerivativeSpec.fileName) in it",
            remedy: "Write one (docs/derivatives.md), or name a root filesystem with --from.")
    }
}
