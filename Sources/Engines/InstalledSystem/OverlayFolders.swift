import DiskContract
import LinuxSystem
package import SystemPackage

/// Looks whether there are overlays, without knowing what an overlay is.
package enum OverlayFolders {
    /// Whether a folder of overlays below a root has an entry; one that cannot be looked at may have one.
    package static func haveFiles(in root: FilePath) -> Bool {
        MachinePaths.overlays.contains { folder in
            do throws(SystemError) {
                return try DirectoryHandle(root: root).directory(folder).names().contains { !$0.hasPrefix(".") }
            } catch { return error.errno != .noSuchFileOrDirectory && error.errno != .notDirectory }
        }
    }
}
