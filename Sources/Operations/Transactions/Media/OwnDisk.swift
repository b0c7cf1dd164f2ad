import BlockDevices
import BootModel
import Faults
import InstalledSystem
import LinuxSystem
package import SystemPackage

/// The disk that is no medium: this machine's own, or what a live system runs from.
package enum OwnDisk {
    /// Finds it, for a verb; nil for a live system that came over a network.
    ///
    /// - Throws: `Refusal` when this is not root, or lifeboot has not started this machine; what keeps the disk from being found.
    package static func find(for verb: String) throws -> FilePath? {
        guard ThisProcess.isRoot else { throw Refusal.notRoot(verb) }
        if BootParameters(KernelCommandLine(parsing: try Procfs.commandLine())).isLive { return try LiveMedium.disk() }
        let machine = Machine()
        _ = try machine.requireOurs(verb)
        let boot = try machine.disk.boot
        return boot.disk ?? boot.path
    }
}
