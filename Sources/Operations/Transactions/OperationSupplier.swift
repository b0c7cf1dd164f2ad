package import ImageModel
package import RegistryModel
package import SystemPackage
package import TransactionPlanning

/// Supplies an image of this machine, or one that is fetched.
package struct OperationSupplier: ImageSupplier, ~Copyable {
    /// The image.
    package let image: PlannedImage
    /// What was moved over the network so far.
    package private(set) var traffic = Traffic()
    /// Whether this machine has to sign it.
    package let needsLocalSignature: Bool
    private let local: LocalImageSupplier?
    private var resolved: ResolvedImage?

    /// Takes an image of this machine.
    package init(_ local: LocalImageSupplier) {
        image = local.image
        needsLocalSignature = false
        self.local = local
        resolved = nil
    }

    /// Takes an image that is fetched.
    package init(_ resolved: consuming ResolvedImage) {
        image = PlannedImage(resolved.candidate)
        needsLocalSignature = resolved.needsLocalSignature
        local = nil
        self.resolved = consume resolved
    }

    /// Copies or fetches it.
    package mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: StepProgress
    ) throws -> (image: DeployableImage, notes: [String]) {
        if let local { return try local.stage(in: folder, locals: locals, progress: progress) }
        guard var source = resolved.take() else {
            return try NoSupplier().stage(in: folder, locals: locals, progress: progress)
        }
        do {
            let result = try source.stage(in: folder, locals: locals, progress: progress)
            traffic = source.traffic
            resolved = consume source
            return result
        } catch {
            traffic = source.traffic
            resolved = consume source
            throw error
        }
    }
}
