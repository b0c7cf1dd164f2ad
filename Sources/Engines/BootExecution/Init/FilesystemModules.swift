import BootPlanning
import Synchronization

/// Loads what filesystems of media are mounted by, before the kernel asks for it.
final class FilesystemModules: Sendable {
    private let load: @Sendable (String) -> Void
    private let prepared = Mutex<Set<String>>([])

    /// Starts with none prepared.
    ///
    /// - Parameter load: loads what one request brings in. What it cannot load the kernel has built in, or the mount will tell.
    init(load: @escaping @Sendable (String) -> Void) { self.load = load }

    /// Loads the modules of a filesystem; whoever needs the same one meanwhile waits, and no module is read a second time.
    ///
    /// No module waits for a disk, so that one that does not answer holds up nobody here.
    func prepare(_ filesystem: MediumFilesystem) {
        prepared.withLock { prepared in
            guard prepared.insert(filesystem.rawValue).inserted else { return }
            for request in filesystem.requests { load(request) }
        }
    }
}
