import LinuxSystem
package import SystemPackage

/// Says why a filesystem could not be made, checked or wiped.
package struct FilesystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done, as a verb in -ing form.
    package let operation: String
    /// To which device or file.
    package let subject: String
    /// The error number, when there is one.
    package let errno: Errno?
    /// Why it failed, without a full stop.
    package let cause: String
    /// What the operator can do, a sentence.
    package let remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// A program failed or could not be run.
    static func program(_ operation: String, _ device: FilePath, _ cause: ProcessError) -> FilesystemError {
        FilesystemError(
            operation: operation, subject: device.string, errno: nil, cause: "\(cause)",
            remedy: "Check the kernel log and the disk's health, and that nothing uses it.")
    }

    /// A call of the kernel failed.
    static func system(_ operation: String, _ device: FilePath, _ errno: Errno) -> FilesystemError {
        FilesystemError(
            operation: operation, subject: device.string, errno: errno, cause: "\(errno)",
            remedy: errno == .resourceBusy
                ? "Something uses it; unmount it and close what is open on it." : "See the kernel log for details.")
    }

    /// Something could not be found out.
    static func unknown(_ operation: String, _ device: FilePath, _ cause: SystemError) -> FilesystemError {
        FilesystemError(
            operation: operation, subject: device.string, errno: cause.errno, cause: "\(cause)",
            remedy: "What is not known to be free is not written to.")
    }
}
