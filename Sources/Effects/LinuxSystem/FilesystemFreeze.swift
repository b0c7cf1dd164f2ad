import CLinux
import Glibc
package import SystemPackage

/// Makes what is on a filesystem's disk whole without its journal, as GRUB needs it: GRUB replays none.
package enum FilesystemFreeze {
    /// Freezes the filesystem and thaws it at once.
    /// - Parameter path: any folder on it.
    /// - Throws: `SystemError` when it cannot be frozen; a filesystem without journal support (`EOPNOTSUPP`) is flushed
    ///   by `syncfs` instead and that is no error.
    package static func flush(_ path: FilePath) throws(SystemError) {
        do throws(Errno) {
            try OwnedDescriptor(opening: path, options: .directory).use { (folder) throws(Errno) in
                try flush(folder.rawValue)
            }
        } catch {
            throw .file("freezing", path, error)
        }
    }

    private static func flush(_ folder: Int32) throws(Errno) {
        do throws(Errno) {
            _ = try systemCall { clinux_freeze(folder) }
        } catch {
            guard error == .notSupported else { throw error }
            _ = try systemCall { clinux_syncfs(folder) }
            return
        }
        _ = try systemCall { clinux_thaw(folder) }
    }
}
