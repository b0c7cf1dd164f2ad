import Glibc
package import SystemPackage

/// Says which terminals show something that others must not write into: a session at a console.
package enum ConsoleOwnership {
    /// Where a file for each lies, locked as long as its owner lives.
    private static let folder: FilePath = "/run/lifeboot/consoles"

    /// Takes a terminal by its name, such as `tty1`.
    ///
    /// - Returns: nil when somebody has it.
    /// - Throws: `SystemError` when the file cannot be made.
    package static func take(_ name: String, in folder: FilePath = folder) throws(SystemError) -> FileLock? {
        try Folders.make(folder)
        guard case .taken(let lock) = try FileLock.attempt(folder.appending(name), holder: "console") else { return nil }
        return lock
    }

    /// Whether somebody has a terminal; what cannot be found out is no.
    static func isTaken(_ console: FilePath, in folder: FilePath = folder) -> Bool {
        let file = folder.appending(console.lastComponent?.string ?? "")
        guard let owner = try? OwnedDescriptor(opening: file, options: .noFollow) else { return false }
        let descriptor = owner.descriptor.rawValue
        do throws(Errno) {
            _ = try systemCall { flock(descriptor, LOCK_SH | LOCK_NB) }
            return false
        } catch { return error == .wouldBlock }
    }
}
