import BootModel
package import Faults
package import InstalledSystem
import JSONText
import LinuxSystem
package import SystemPackage

/// What stands on the screen before and after a login in a live system: which image it is, that it keeps nothing, and how it
/// is installed.
package struct LiveNotice: Equatable, Sendable {
    /// The lines.
    package var lines: [String]

    /// Words it.
    ///
    /// - Parameter title: name and version of the image; nil when nobody knows.
    package init(title: String?) {
        let name = title.map { " (\($0))" } ?? ""
        lines = [
            "This is a LIVE system\(name): it is installed on no disk, and forgets everything when it ends.",
            "What to do:", "  lifeboot disks", "  lifeboot install --help",
        ]
    }

    /// The notice of the system that runs; nil when it is not live.
    ///
    /// - Throws: `Refusal` when this is not root, or the command line of the kernel cannot be read.
    package static func ofThisBoot(
        _ machine: borrowing some MachineAccess & ~Copyable
    ) throws(Refusal) -> LiveNotice? {
        guard machine.isRoot else { throw .notRoot("record-boot") }
        guard try BootParameters(machine).isLive else { return nil }
        let report = (try? machine.bootReport()).flatMap(\.self)
        return LiveNotice(title: report?["imageName"]?.text)
    }

    /// Puts it where the notice of a role is in another system.
    ///
    /// - Parameter root: where `/run` is.
    /// - Throws: `SystemError` when a file cannot be written.
    package func write(below root: FilePath = "/run") throws {
        try LoginNotice("lifeboot", lines).write(below: root)
    }
}
