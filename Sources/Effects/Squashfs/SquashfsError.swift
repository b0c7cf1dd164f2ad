import Cryptography
package import SystemPackage

/// Says why a squashfs could not be written.
package struct SquashfsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted: `writing`.
    package let operation: String
    /// The squashfs, or the entry in it.
    package let subject: String
    /// What happened.
    package let cause: String
    /// What the operator can do.
    package let remedy: String
    /// The error number of the system, when it was a call to it that failed: `.noSpace`.
    package let errno: Errno?

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    private init(_ subject: String, _ cause: String, remedy: String, errno: Errno? = nil) {
        operation = "writing"
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
        self.errno = errno
    }

    /// A call to the system failed.
    static func file(_ path: FilePath, _ errno: Errno) -> SquashfsError {
        let remedy =
            errno == .noSpace || errno == .diskQuotaExceeded
            ? "Free space on the filesystem that holds it" : "Check the filesystem that holds it and the kernel log"
        return SquashfsError(path.string, errno.description, remedy: remedy, errno: errno)
    }

    /// libsquashfs refused something.
    static func library(_ path: FilePath, _ status: Int32) -> SquashfsError {
        SquashfsError(
            path.string, "libsquashfs gives up: \(cause(of: status))", remedy: "Check that memory is free")
    }

    /// Content could not be hashed.
    static func hashing(_ path: FilePath, _ error: CryptographyError) -> SquashfsError {
        SquashfsError(path.string, "\(error.operation): \(error.cause)", remedy: error.remedy)
    }

    /// An entry that no squashfs can hold.
    static func entry(_ path: [UInt8], _ cause: String) -> SquashfsError {
        SquashfsError(
            "'\(String(decoding: path, as: UTF8.self))'", cause, remedy: "Correct the source of the filesystem")
    }

    /// Calls in an order that makes no sense.
    static func order(_ path: FilePath, _ cause: String) -> SquashfsError {
        SquashfsError(path.string, cause, remedy: "Report this as a fault of the program")
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
