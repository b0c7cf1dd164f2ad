package import Faults
import LinuxSystem
import SystemPackage

/// Keeps two boatyards from building with one cache at a time; released when its holder ends in whatever way.
package struct BuildLock {
    private let lock: FileLock

    /// Takes it, and removes what a killed build has left in the cache.
    ///
    /// - Throws: `BuildLockError` when another boatyard builds; `SystemError`.
    package init(_ cache: BuildCache) throws {
        let path = cache.folder.appending("lock")
        guard case .taken(let lock) = try FileLock.attempt(path, holder: "process \(ThisProcess.identifier)") else {
            throw BuildLockError(
                .taken, "building with the cache", "\(cache.folder)", cause: "another boatyard builds with it",
                remedy: "Wait until it is done, or name another folder with --cache-dir.")
        }
        self.lock = lock
        // Who fetches without building has files there, too; then it is removed the next time.
        let attempt = try FileLock.attempt(cache.fetchLock, holder: "process \(ThisProcess.identifier)")
        guard case .taken(let fetching) = attempt else { return }
        defer { withExtendedLifetime(fetching) {} }
        let work = cache.folder.appending("work")
        for name in try Folders.names(of: work) { try Folders.remove(work.appending(name), .tree) }
    }
}

/// Says why nothing is built now.
package typealias BuildLockError = Fault<BuildLockFault>

/// Names why nothing is built now.
package enum BuildLockFault: FaultKind {
    /// Another process builds.
    case taken
}
