import Glibc
import SystemPackage

extension SystemError {
    /// Whether the kernel does not mount a filesystem before it was repaired: `EUCLEAN`, its "Structure needs cleaning".
    package var asksForRepair: Bool { errno?.rawValue == EUCLEAN }

    /// Mounting failed; `message` is libmount's own sentence.
    static func mount(_ source: String, _ target: String, _ errno: Errno?, message: String) -> SystemError {
        SystemError(
            "mounting", "\(source) on \(target)", errno, cause: message.isEmpty ? nil : message,
            remedy: mountRemedy(errno))
    }

    private static func mountRemedy(_ errno: Errno?) -> String {
        switch errno {
        case .noSuchFileOrDirectory: "Check that the device and the mount point exist."
        case .operationNotSupportedByDevice: "The kernel lacks this filesystem; add its module to the initramfs."
        case .invalidArgument: "The device does not hold this filesystem, or an option is unknown; see the kernel log."
        case .resourceBusy: "It is in use; check what is mounted or open."
        case .readOnlyFileSystem, .permissionDenied: "The device is write-protected; mount it read-only."
        case .notPermitted: "Run this as root."
        case .ioError: "The filesystem cannot be read; check it and the disk's health."
        default: "See the kernel log for details."
        }
    }

    /// Unmounting failed.
    static func unmount(_ target: FilePath, _ errno: Errno) -> SystemError {
        SystemError(
            "unmounting", target.string, errno,
            remedy: errno == .resourceBusy
                ? "A process or another mount uses it; see fuser -m." : "Check that it is a mount point.")
    }

    /// A loop device could not be had or set up.
    static func loop(_ operation: String, _ subject: FilePath, _ errno: Errno) -> SystemError {
        let missing: [Errno] = [.noSuchFileOrDirectory, .operationNotSupportedByDevice, .noSuchAddressOrDevice]
        return SystemError(
            operation, subject.string, errno,
            remedy: missing.contains(errno)
                ? "Check that the file is there and that the loop module is in the initramfs."
                : errno == .invalidArgument ? "Linux 5.8 or later is needed." : fileLikeRemedy(errno))
    }

    /// Listening for device events failed.
    static func uevents(_ errno: Errno) -> SystemError {
        SystemError(
            "listening for", "device events", errno, remedy: "The kernel must have CONFIG_NET and netlink; see its log."
        )
    }

    /// A watchdog could not be armed or served.
    static func watchdog(_ operation: String, _ device: FilePath, _ errno: Errno) -> SystemError {
        SystemError(
            operation, device.string, errno,
            remedy: errno == .resourceBusy
                ? "Another process holds it; only one can." : "Set lifeboot.watchdog=off to go without.")
    }

    /// The machine did not go down.
    static func reboot(_ action: String, _ errno: Errno) -> SystemError {
        SystemError("asking the kernel for", action, errno, remedy: "Run this as root, or press the power button.")
    }

    private static func fileLikeRemedy(_ errno: Errno) -> String {
        errno == .notPermitted || errno == .permissionDenied ? "Run this as root." : "See the kernel log for details."
    }
}
