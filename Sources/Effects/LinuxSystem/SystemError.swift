package import Faults
import Glibc
package import SystemPackage

/// Says which call to the kernel failed, on what, why, and what the operator can do.
package typealias SystemError = Fault<SystemFault>

/// Names what fails in calls to the kernel.
package enum SystemFault: FaultKind {
    /// A call, with its error number.
    case failed(Errno)
    /// Nothing failed, but what is there is not what should be.
    case unexpected

    /// No space, when that is what the kernel says.
    package var refusal: RefusalKind? { errno == .noSpace ? .space : nil }

    /// The error number, when there is one.
    var errno: Errno? {
        switch self {
        case .failed(let errno): errno
        case .unexpected: nil
        }
    }
}

extension SystemError {
    /// The error number, when there is one.
    package var errno: Errno? { kind.errno }

    /// A call failed, or something is not what it should be.
    ///
    /// - Parameters:
    ///   - errno: the error number, when there is one.
    ///   - cause: why, when that is not what the number says.
    package init(_ operation: String, _ subject: String, _ errno: Errno?, cause: String? = nil, remedy: String) {
        self.init(
            errno.map { .failed($0) } ?? .unexpected, operation, subject,
            cause: cause ?? errno.map { "\($0)" } ?? "unknown cause", remedy: remedy)
    }

    /// A call on a file or folder failed.
    package static func file(_ operation: String, _ path: FilePath, _ errno: Errno) -> SystemError {
        SystemError(operation, path.string, errno, remedy: fileRemedy(errno))
    }

    private static func fileRemedy(_ errno: Errno) -> String {
        switch errno {
        case .noSuchFileOrDirectory: "Check the name; there is nothing of it."
        case .permissionDenied, .notPermitted: "Run this as root."
        case .readOnlyFileSystem: "Remount the filesystem writable, or check the kernel log for why it went read-only."
        case .noSpace, .diskQuotaExceeded: "Free some space on the filesystem."
        case .ioError: "The disk cannot be read or written; check the kernel log and the disk's health."
        case .tooManySymbolicLinkLevels: "A symbolic link stands where none may be; remove it."
        case .notDirectory, .isDirectory, .fileExists: "Something of another kind has this name; remove it."
        default: "See the kernel log for details."
        }
    }

    /// A file is larger than it may be.
    static func tooLarge(_ path: FilePath, limit: Int) -> SystemError {
        SystemError(
            "reading", path.string, nil, cause: "larger than \(limit) bytes", remedy: "Check what wrote the file.")
    }

    /// What is to be read as a file is a pipe, a device or a socket.
    static func notRegular(_ path: FilePath) -> SystemError {
        SystemError(
            "reading", path.string, nil, cause: "it is no regular file, but a pipe, a device or a socket",
            remedy: "Put a file in its place.")
    }

    /// A link, or a mount, leads out of the filesystem that a file is to lie on.
    static func outside(_ path: FilePath) -> SystemError {
        SystemError(
            "opening", path.string, .improperLink, cause: "a link leads to another filesystem",
            remedy: "Put the file itself in its place.")
    }

    /// A file that is written in place does not have the size it was made with.
    static func wrongSize(_ path: FilePath, size: Int64, needed: Int64) -> SystemError {
        SystemError(
            "writing", path.string, nil, cause: "the file has \(size) bytes and \(needed) are needed",
            remedy: "It must never be made anew in place; repair it with lifeboot boot-env repair.")
    }

    /// What was written does not come back from the disk.
    static func notKept(_ path: FilePath) -> SystemError {
        SystemError(
            "writing", path.string, .ioError, cause: "the disk does not return what was written",
            remedy: "Replace the disk.")
    }
}

/// Runs a call that returns -1 and sets `errno` on failure, again when a signal interrupted it.
/// - Throws: the `errno` of the call, never `EINTR`.
package func systemCall<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = Errno(rawValue: errno)
        if code != .interrupted { throw code }
    }
}

/// Runs a body and gives any error that is not an `Errno` the code `EIO`; SystemPackage throws nothing else.
package func catchingErrno<Result: ~Copyable>(_ body: () throws -> Result) throws(Errno) -> Result {
    do {
        return try body()
    } catch let error as Errno {
        throw error
    } catch {
        throw .ioError
    }
}
