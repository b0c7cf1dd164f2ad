import ImageAssembly
import ImageModel
import JSONText
import LinuxSystem
import SoftwareBills
import SystemPackage

/// States of which images a medium was built.
struct ISOProvenance {
    let request: ISORequest
    let images: ISOImages

    /// Reads the medium for its digest, and writes the statement.
    ///
    /// - Throws: when either cannot be done.
    func write(progress: (String) -> Void) throws {
        progress("hashing the medium")
        let digest = try ImageFileDigest.of(request.output).sha256
        // What is given by hand has no digest of its own; what is on the medium is in the medium's.
        let parameters: JSONObject = [
            "label": .string(request.label), "oemFiles": .bool(request.oemFiles != nil),
            "installFile": .bool(request.installation != nil), "unattended": .bool(request.isUnattended),
            "signed": .bool(request.sign != nil),
        ]
        let statement = ProvenanceStatement(
            "iso", of: [.init(request.output.lastComponent?.string ?? "medium", digest)], parameters: parameters,
            materials: try images.all.map { try material($0) }, version: request.builderVersion)
        try AtomicFile.write(
            statement.serialized(), to: DiskProvenance.path(of: request.output), permissions: ImageStaging.fileMode)
    }

    /// An image by the digest of its manifest, which its id begins.
    private func material(_ image: DiskImageSource) throws -> ProvenanceStatement.Material {
        let manifest = image.path.appending(ImageFile.manifest.rawValue)
        return .init(
            name: "\(image.manifest.name) \(image.manifest.version)", try ImageFileDigest.of(manifest).sha256)
    }
}
