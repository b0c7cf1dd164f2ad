import DiskContract
import LinuxSystem
import SystemPackage

/// A file in `/run` that names a device of this boot, for programs that come later.
struct DeviceNote {
    private let file: FilePath

    /// Takes the name of the file, below the folder of ours.
    init(_ name: FilePath.Component) { file = MachinePaths.run.appending(name) }

    /// Notes a device.
    ///
    /// - Throws: `SystemError`.
    func write(_ path: FilePath) throws(SystemError) {
        try Folders.make(MachinePaths.run)
        try AtomicFile.write(Array("\(path)\n".utf8), to: file)
    }

    /// The device; nil when none was noted.
    ///
    /// - Throws: `SystemError` when the note cannot be read.
    func path() throws(SystemError) -> FilePath? {
        guard let bytes = try FileBytes.readIfPresent(file, limit: 4096) else { return nil }
        return FilePath(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
