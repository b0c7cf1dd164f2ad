package import Faults
import LinuxSystem
package import SystemPackage

/// Says why a filesystem could not be made, checked or wiped.
package typealias FilesystemError = Fault<FilesystemFault>

/// Names what fails with filesystems.
package enum FilesystemFault: FaultKind {
    /// A program failed or could not be run.
    case program
    /// A call of the kernel failed.
    case system(Errno)
    /// Something could not be found out.
    case unknown
    /// e2fsck did not get as far as to judge.
    case check
}

extension FilesystemError {
    /// A program failed or could not be run.
    static func program(_ operation: String, _ device: FilePath, _ cause: ProcessError) -> FilesystemError {
        FilesystemError(
            .program, operation, device.string, because: cause,
            remedy: "Check the kernel log and the disk's health, and that nothing uses it.")
    }

    /// A call of the kernel failed.
    static func system(_ operation: String, _ device: FilePath, _ errno: Errno) -> FilesystemError {
        FilesystemError(
            .system(errno), operation, device.string, cause: "\(errno)",
            remedy: errno == .resourceBusy
                ? "Something uses it; unmount it and close what is open on it." : "See the kernel log for details.")
    }

    /// Something could not be found out.
    static func unknown(_ operation: String, _ device: FilePath, _ cause: SystemError) -> FilesystemError {
        FilesystemError(
            .unknown, operation, device.string, because: cause,
            remedy: "What is not known to be free is not written to.")
    }
}
