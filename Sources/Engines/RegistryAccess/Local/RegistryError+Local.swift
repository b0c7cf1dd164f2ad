import Faults
import SystemPackage

extension RegistryError {
    /// Something about an image in a folder, an archive or on a medium.
    static func source(_ kind: RegistryFault, _ subject: String, _ cause: String, remedy: String) -> RegistryError {
        RegistryError(kind, "reading the image source", subject, cause: cause, remedy: remedy)
    }

    /// An archive or medium whose own structure is broken, or whose content is not what its digest says.
    static func damaged(_ path: FilePath, _ cause: String) -> RegistryError {
        .source(.corrupted, path.string, cause, remedy: "Copy the file again and compare its checksum.")
    }

    /// Something that holds no image, or cannot be read as it is.
    static func unsuitable(_ path: FilePath, _ cause: String, remedy: String) -> RegistryError {
        .source(.local, path.string, cause, remedy: remedy)
    }
}
