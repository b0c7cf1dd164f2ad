import SystemPackage

/// Says why an image could not be built, read or checked.
package struct ImageBuildError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done.
    package var operation: String
    /// To what.
    package var subject: String
    /// Why it failed.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// Names a failure.
    package init(_ operation: String, _ subject: String, _ cause: String, remedy: String) {
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
    }

    /// A call on a file failed.
    static func file(_ operation: String, _ path: FilePath, _ error: Errno) -> ImageBuildError {
        ImageBuildError(
            operation, path.string, error.description, remedy: "Check that the path is right and the disk has space")
    }

    /// A container image in an OCI layout cannot be used.
    static func layout(_ path: FilePath, _ cause: String) -> ImageBuildError {
        ImageBuildError(
            "reading the OCI layout", path.string, cause,
            remedy: "Copy the container image again, as in 'skopeo copy docker://NAME oci:DIR:TAG'")
    }
}
