package import SystemPackage

/// Says why a file could not be given its space, or be written or read in it.
package struct PreallocationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done.
    package var operation: String
    /// To which file.
    package var subject: String
    /// The error number.
    package var errno: Errno
    /// Why it failed.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// A call failed.
    static func call(_ operation: String, _ path: FilePath, _ errno: Errno) -> PreallocationError {
        PreallocationError(
            operation: operation, subject: path.string, errno: errno, cause: errno.description,
            remedy: errno == .ioError
                ? "The disk cannot be read or written; check the kernel log and the disk's health."
                : "Check that the filesystem is mounted writable, and the kernel log.")
    }

    /// There is not enough space.
    package static func noSpace(_ path: FilePath, needed: Int, free: Int) -> PreallocationError {
        PreallocationError(
            operation: "reserving space for", subject: path.string, errno: .noSpace,
            cause: "\(needed) bytes are needed and \(free) are free",
            remedy: "Remove what no longer is needed there, or use a larger partition")
    }
}
