package import Faults
package import ImageModel
import SystemPackage

/// Says why no image could be made.
package typealias ImageAssemblyError = Fault<ImageAssemblyFault>

/// Names what kind of reason it is that no image could be made.
package enum ImageAssemblyFault: FaultKind {
    /// The disk is full, or would be.
    case noSpace
    /// What was received or written is not what it should be.
    case damaged
    /// The image is for another architecture.
    case wrongArchitecture
    /// The root filesystem does not make an image that boots.
    case unsuitable
    /// The image would not boot, as far as can be seen.
    case unbootable
    /// A file cannot be read or written.
    case file

    /// What is full, damaged or for another architecture has a status of its own.
    package var refusal: RefusalKind? {
        switch self {
        case .noSpace: .space
        case .damaged: .mismatch
        case .wrongArchitecture: .architecture
        case .unbootable: .unbootable
        case .unsuitable, .file: nil
        }
    }
}

extension ImageAssemblyError {
    /// Names a failure.
    package init(_ kind: ImageAssemblyFault, _ operation: String, _ subject: String, _ cause: String, remedy: String) {
        self.init(kind, operation, subject, cause: cause, remedy: remedy)
    }

    /// A call on a file failed.
    static func file(_ operation: String, _ path: FilePath, _ error: Errno) -> ImageAssemblyError {
        let isFull = error == .noSpace || error == .diskQuotaExceeded
        return ImageAssemblyError(
            isFull ? .noSpace : .file, operation, path.string, error.description,
            remedy: isFull ? "Free space there." : "Check that the path is right, and the kernel log.")
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
            remedy: file == .chunks ? "Make the root filesystem smaller." : "Give fewer or shorter boards and labels.")
    }
}
