import DiskContract
package import LinuxSystem
package import SystemPackage

/// What a live boot came from.
package enum LiveMedium {
    private static let file = MachinePaths.run.appending("medium-disk")

    /// Notes the disk of the medium, which must not become the target of an installation, also when nothing of it is
    /// mounted any more.
    ///
    /// - Throws: `SystemError`.
    package static func note(_ path: FilePath) throws(SystemError) {
        try Folders.make(MachinePaths.run)
        try AtomicFile.write(Array("\(path)\n".utf8), to: file)
    }

    /// The disk of the medium; nil when this is no live boot, or one without a medium.
    ///
    /// - Throws: `SystemError` when the note cannot be read.
    package static func disk() throws(SystemError) -> FilePath? {
        guard let bytes = try FileBytes.readIfPresent(file, limit: 4096) else { return nil }
        return FilePath(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
    }

    /// The medium's folder of configuration, which is what a system installed from it begins with; nil when there is none.
    ///
    /// - Throws: `SystemError` when the medium cannot be read.
    package static func oemFiles() throws(SystemError) -> FilePath? {
        let folder = MachinePaths.medium.appending("oem")
        return try FileStatus.of(folder, followingLinks: false)?.kind == .directory ? folder : nil
    }
}
