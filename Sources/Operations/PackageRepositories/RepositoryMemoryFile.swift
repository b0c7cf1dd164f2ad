import LinuxSystem
package import RepositoryPlanning
package import SystemPackage

/// Keeps on the disk which indexes were seen.
package struct RepositoryMemoryFile: Equatable, Sendable {
    /// The file.
    package let path: FilePath

    /// Names the file; it need not be there.
    package init(_ path: FilePath) { self.path = path }

    /// The file of this user: `boatyard/repositories.json` in `XDG_CACHE_HOME`, else in `~/.cache`; nil without a home.
    ///
    /// - Parameter variable: gives variables of the environment.
    package static func ofUser(_ variable: (String) -> String?) -> RepositoryMemoryFile? {
        let cache = variable("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? FilePath($0) : nil }
        let home = variable("HOME").flatMap { $0.isEmpty ? nil : FilePath($0).appending(".cache") }
        return (cache ?? home).map { RepositoryMemoryFile($0.appending("boatyard/repositories.json")) }
    }

    /// What was seen.
    ///
    /// - Throws: `RepositoryPlanningError` when the file is damaged, `SystemError` when it cannot be read.
    package func read() throws -> RepositoryMemory {
        guard let bytes = try FileBytes.readIfPresent(path, limit: RepositoryMemory.sizeLimit) else {
            return RepositoryMemory()
        }
        return try RepositoryMemory(parsing: bytes)
    }

    /// Changes what was seen, with nobody else in between.
    ///
    /// - Throws: as `read`, and `SystemError` when it cannot be written.
    package func change(_ change: (inout RepositoryMemory) -> Void) throws {
        try Folders.make(path.removingLastComponent(), permissions: 0o700)
        let lock = try FileLock(FilePath("\(path).lock"))
        defer { withExtendedLifetime(lock) {} }
        let before = try read()
        var memory = before
        change(&memory)
        if memory != before { try AtomicFile.write(memory.serialized(), to: path, permissions: .ownerReadWrite) }
    }
}
