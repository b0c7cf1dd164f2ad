import DiskContract
package import LinuxSystem
package import SystemPackage

/// What a live boot came from.
package enum LiveMedium {
    private static let note = DeviceNote("medium-disk")

    /// Notes the disk of the medium, which must not become the target of an installation, also when nothing of it is
    /// mounted any more.
    ///
    /// - Throws: `SystemError`.
    package static func note(_ path: FilePath) throws(SystemError) {
        try note.write(path)
    }

    /// The disk of the medium; nil when this is no live boot, or one without a medium.
    ///
    /// - Throws: `SystemError` when the note cannot be read.
    package static func disk() throws(SystemError) -> FilePath? {
        try note.path()
    }

    /// The disk that a live system needs as long as it runs; nil when there is none, or it was copied into memory.
    ///
    /// - Throws: `SystemError` when that cannot be read.
    package static func inUse() throws(SystemError) -> FilePath? {
        needed(try disk(), mounts: try Procfs.mounts())
    }

    /// Decides it from the disk of the medium and all that is mounted.
    package static func needed(_ disk: FilePath?, mounts: [MountEntry]) -> FilePath? {
        mounts.last { $0.target == MachinePaths.medium }?.filesystem == "tmpfs" ? nil : disk
    }

    /// The medium's folder of configuration, which is what a system installed from it begins with; nil when there is none.
    ///
    /// - Throws: `SystemError` when the medium cannot be read.
    package static func oemFiles() throws(SystemError) -> FilePath? {
        let folder = MachinePaths.medium.appending("oem")
        return try FileStatus.of(folder, followingLinks: false)?.kind == .directory ? folder : nil
    }
}
