import DiskContract
package import ImageModel
package import InstalledSystem
package import RegistryModel
package import SystemPackage
package import TransactionPlanning

/// Supplies an image of this machine, or one that is fetched.
package enum ImageSupply: ImageSupplier, ~Copyable {
    /// An image that lies in a folder.
    case local(LocalImageSupplier)
    /// One of a source.
    case fetched(ResolvedImage)

    /// The image.
    package var image: PlannedImage {
        switch self {
        case .local(let supplier): supplier.image
        case .fetched(let image): PlannedImage(image.candidate)
        }
    }

    /// What was moved over the network so far.
    package var traffic: Traffic {
        switch self {
        case .local: Traffic()
        case .fetched(let image): image.traffic
        }
    }

    /// Who signs the image for the boot.
    package var signature: BootSignature {
        switch self {
        case .local(let supplier): supplier.signature
        case .fetched(let image): image.signature
        }
    }

    /// Copies or fetches it.
    package mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, notes: [String]) {
        let result: Result<(image: DeployableImage, notes: [String]), any Error>
        switch consume self {
        case .local(let supplier):
            result = Result { try supplier.stage(in: folder, locals: locals, progress: progress) }
            self = .local(supplier)
        case .fetched(var image):
            do { result = .success(try image.stage(in: folder, locals: locals, progress: progress)) } catch {
                result = .failure(error)
            }
            self = .fetched(image)
        }
        return try result.get()
    }
}

extension PlannedImage {
    /// What is known of an image before it is fetched.
    package init(_ candidate: ImageCandidate) {
        self.init(
            source: candidate.reference, id: candidate.id, title: candidate.title,
            size: Int64(clamping: candidate.bytes) + Int64(clamping: candidate.workspace),
            staging: DiskFiles.staging(for: candidate.digest))
        name = candidate.isNamed ? candidate.name : nil
    }
}

/// Gets the files of an image into a staging folder: by fetching, making or copying.
package protocol ImageSupplier: ~Copyable {
    /// What was moved over the network so far.
    var traffic: Traffic { get }
    /// Who signs the image for the boot.
    var signature: BootSignature { get }

    /// Completes the staging folder: every file written, flushed, read back and compared; only the final name is missing.
    ///
    /// What is in the folder from an earlier attempt is used. It can be called again after a failure.
    ///
    /// - Parameters:
    ///   - folder: on the partition that is to hold the image.
    ///   - locals: folders of images on this machine, which a delta copies from.
    ///   - progress: is told how far it is; what it throws ends the staging.
    /// - Returns: the image, and what is worth knowing besides, a sentence each.
    mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, notes: [String])
}
