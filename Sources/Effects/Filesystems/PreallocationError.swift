package import Faults
package import SystemPackage

/// Says why a file could not be given its space, or be written or read in it.
package typealias PreallocationError = Fault<PreallocationFault>

/// Names what fails with a file that is given its space before it is written.
package enum PreallocationFault: FaultKind {
    /// A call failed.
    case call(Errno)
    /// There is not enough space.
    case noSpace

    /// No space, when that is what the kernel says, too.
    package var refusal: RefusalKind? { errno == .noSpace ? .space : nil }

    /// The error number.
    var errno: Errno {
        switch self {
        case .call(let errno): errno
        case .noSpace: .noSpace
        }
    }
}

extension PreallocationError {
    /// The error number.
    package var errno: Errno { kind.errno }

    /// A call failed.
    static func call(_ operation: String, _ path: FilePath, _ errno: Errno) -> PreallocationError {
        PreallocationError(
            .call(errno), operation, path.string, cause: errno.description,
            remedy: errno == .ioError
                ? "The disk cannot be read or written; check the kernel log and the disk's health."
                : "Check that the filesystem is mounted writable, and the kernel log.")
    }

    /// There is not enough space.
    package static func noSpace(_ path: FilePath, needed: Int, free: Int) -> PreallocationError {
        PreallocationError(
            .noSpace, "reserving space for", path.string,
            cause: "\(needed) bytes are needed and \(free) are free",
            remedy: "Remove what no longer is needed there, or use a larger partition.")
    }
}
