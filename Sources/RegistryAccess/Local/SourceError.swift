import SystemPackage

/// Says why an image could not be read from a folder, an archive or a medium.
package struct SourceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is; decides the exit status.
    package enum Kind: Equatable, Sendable {
        /// There is no such image, tag or blob.
        case notFound
        /// The content does not match its digest or size.
        case corrupted
        /// The thing there is nothing that holds an image.
        case unsuitable
    }

    /// What kind of trouble it is.
    package var kind: Kind
    /// The file, folder or blob.
    package var subject: String
    /// What was found or expected.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "reading the image source \(subject): \(cause). \(remedy)" }

    /// Describes a fault.
    package init(_ kind: Kind, _ subject: String, _ cause: String, remedy: String) {
        self.kind = kind
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
    }

    /// An archive or medium whose own structure is broken.
    static func damaged(_ path: FilePath, _ cause: String) -> SourceError {
        SourceError(.corrupted, path.string, cause, remedy: "Copy the file again and compare its checksum")
    }

    /// Something that cannot be read as it is.
    static func unsuitable(_ path: FilePath, _ cause: String, remedy: String) -> SourceError {
        SourceError(.unsuitable, path.string, cause, remedy: remedy)
    }
}
