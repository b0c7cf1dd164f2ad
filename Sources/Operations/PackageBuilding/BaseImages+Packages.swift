import ImageModel
import RegistryModel

// What an image says that it was made of.
extension BaseImages {
    /// The packages that an image says it was made of; of its layers nothing is fetched.
    ///
    /// - Parameter locked: the digest of the document that its reference meant when it was locked.
    /// - Throws: as `manifest`; `PackageListError` for a list that cannot be read.
    func packages(of reference: SourceReference, _ locked: Digest, architecture: String) throws -> PackageList {
        let digest = try manifest(reference, locked, architecture: architecture)
        return try documents(reference, digest).config.packages
    }
}

extension ContainerConfig {
    /// The packages that the image was made of.
    var packages: PackageList {
        get throws { try labels[PackageList.label].map { try PackageList(parsing: Array($0.utf8)) } ?? PackageList([]) }
    }
}
