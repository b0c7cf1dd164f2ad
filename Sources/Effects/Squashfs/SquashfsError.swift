import Cryptography
package import Faults
package import SystemPackage

/// Says why a squashfs could not be written.
package typealias SquashfsError = Fault<SquashfsFault>

/// Names what fails while a squashfs is written.
package enum SquashfsFault: FaultKind {
    /// A call to the system.
    case file(Errno)
    /// libsquashfs refused something.
    case library
    /// Content could not be hashed.
    case hashing
    /// An entry that no squashfs can hold.
    case entry
    /// Calls in an order that makes no sense.
    case order

    /// No space, when that is what the system says.
    package var refusal: RefusalKind? { self == .file(.noSpace) || self == .file(.diskQuotaExceeded) ? .space : nil }
}

extension SquashfsError {
    /// The error number of the system, when it was a call to it that failed: `.noSpace`.
    package var errno: Errno? {
        if case .file(let errno) = kind { errno } else { nil }
    }

    private init(_ kind: SquashfsFault, _ subject: String, _ cause: String, remedy: String) {
        self.init(kind, "writing", subject, cause: cause, remedy: remedy)
    }

    /// A call to the system failed.
    static func file(_ path: FilePath, _ errno: Errno) -> SquashfsError {
        let remedy =
            errno == .noSpace || errno == .diskQuotaExceeded
            ? "Free space on the filesystem that holds it." : "Check the filesystem that holds it and the kernel log."
        return SquashfsError(.file(errno), path.string, errno.description, remedy: remedy)
    }

    /// libsquashfs refused something.
    static func library(_ path: FilePath, _ status: Int32) -> SquashfsError {
        SquashfsError(
            .library, path.string, "libsquashfs gives up: \(cause(of: status))", remedy: "Check that memory is free.")
    }

    /// Content could not be hashed.
    static func hashing(_ path: FilePath, _ error: CryptographyError) -> SquashfsError {
        SquashfsError(
            .hashing, "writing", path.string, cause: "\(error.operation): \(error.cause)", remedy: error.remedy,
            underlying: error)
    }

    /// An entry that no squashfs can hold.
    package static func entry(_ path: [UInt8], _ cause: String) -> SquashfsError {
        SquashfsError(
            .entry, "'\(String(decoding: path, as: UTF8.self))'", cause, remedy: "Correct the source of the filesystem."
        )
    }

    /// Calls in an order that makes no sense.
    static func order(_ path: FilePath, _ cause: String) -> SquashfsError {
        SquashfsError(.order, path.string, cause, remedy: "Report this as a fault of the program.")
    }

    /// The meaning of libsquashfs's `SQFS_ERROR` codes (sqfs/error.h).
    private static func cause(of status: Int32) -> String {
        switch status {
        case -1: "out of memory"
        case -2: "input or output error"
        case -3: "the compressor fails"
        case -6: "not supported by squashfs"
        case -7: "a number grows too large"
        case -11: "the block size is no power of two between 4 KiB and 1 MiB"
        default: "error \(status)"
        }
    }
}
