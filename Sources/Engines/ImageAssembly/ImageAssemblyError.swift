package import ImageModel
import SystemPackage

/// Says why no image could be made, and of what kind the reason is.
package struct ImageAssemblyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of reason it is, for exit statuses.
    package enum Kind: Equatable, Sendable {
        /// The disk is full, or would be.
        case noSpace
        /// What was received or written is not what it should be.
        case damaged
        /// The image is for another architecture.
        case wrongArchitecture
        /// The root filesystem does not make an image that boots.
        case unsuitable
        /// A file cannot be read or written.
        case file
    }

    /// What kind of reason it is.
    package var kind: Kind
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
    package init(_ kind: Kind, _ operation: String, _ subject: String, _ cause: String, remedy: String) {
        self.kind = kind
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
    }

    /// A call on a file failed.
    static func file(_ operation: String, _ path: FilePath, _ error: Errno) -> ImageAssemblyError {
        let isFull = error == .noSpace || error == .diskQuotaExceeded
        return ImageAssemblyError(
            isFull ? .noSpace : .file, operation, path.string, error.description,
            remedy: isFull ? "Free space there" : "Check that the path is right, and the kernel log")
    }

    /// The root filesystem lacks something, or has what it must not have.
    static func unsuitable(_ operation: String, _ subject: String, _ cause: String, remedy: String) -> Self {
        ImageAssemblyError(.unsuitable, operation, subject, cause, remedy: remedy)
    }

    /// Refuses a file that machines would not read.
    ///
    /// - Parameter length: its bytes.
    /// - Throws: when they are more than `ImageFile.sizeLimit`.
    package static func checkLength(_ length: Int, of file: ImageFile) throws(ImageAssemblyError) {
        guard length > file.sizeLimit else { return }
        throw .unsuitable(
            "making", file.rawValue, "it would have \(length) bytes, and machines read at most \(file.sizeLimit)",
            remedy: file == .chunks ? "Make the root filesystem smaller" : "Give fewer or shorter boards and labels")
    }
}
