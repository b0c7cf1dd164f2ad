package import Faults
import SystemPackage

/// Says why an image could not be built, read or checked.
package typealias ImageBuildError = Fault<ImageBuildFault>

/// Names what an image fails by.
package enum ImageBuildFault: FaultKind {
    /// A file that cannot be read or written.
    case file
    /// An OCI layout that cannot be used.
    case layout
    /// Something that was asked for and cannot be.
    case request
}

extension ImageBuildError {
    /// Names what was asked for and cannot be.
    package init(_ operation: String, _ subject: String, _ cause: String, remedy: String) {
        self.init(.request, operation, subject, cause: cause, remedy: remedy)
    }

    /// A call on a file failed.
    static func file(_ operation: String, _ path: FilePath, _ error: Errno) -> ImageBuildError {
        ImageBuildError(
            .file, operation, path.string, cause: error.description,
            remedy: "Check that the path is right and the disk has space.")
    }

    /// A container image in an OCI layout cannot be used.
    static func layout(_ path: FilePath, _ cause: String) -> ImageBuildError {
        ImageBuildError(
            .layout, "reading the OCI layout", path.string, cause: cause,
            remedy: "Copy the container image again, as in 'skopeo copy docker://NAME oci:DIR:TAG'.")
    }
}
