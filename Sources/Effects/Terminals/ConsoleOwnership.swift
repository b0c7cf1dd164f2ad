import Glibc
package import LinuxSystem
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
        guard case .taken(let lock) = try FileLock.attempt(folder.appending(name), holder: "console") else {
            return nil
        }
        return lock
    }

    /// Whether somebody has a terminal; what cannot be found out is no.
    package static func isTaken(_ console: FilePath, in folder: FilePath = folder) -> Bool {
        let file = folder.appending(console.lastComponent?.string ?? "")
        guard let owner = try? OwnedDescriptor(opening: file, options: .noFollow) else { return false }
        let descriptor = owner.descriptor.rawValue
        do throws(Errno) {
            _ = try systemCall { flock(descriptor, LOCK_SH | LOCK_NB) }
            return false
        } catch { return error == .wouldBlock }
    }
}

extension Console {
    /// Writes a message with a line feed at its end to every console at which no session is shown: a session shows by itself
    /// what is at work.
    package static func writeToFree(_ message: String) {
        for console in all where !ConsoleOwnership.isTaken(console) { write(message, to: console) }
    }
}

extension ThisProcess {
    /// The name below `/dev` of the terminal at standard input; empty when that is none.
    ///
    /// The corresponding C function is `ttyname`.
    package static var terminalName: String {
        guard let name = unsafe ttyname(STDIN_FILENO) else { return "" }
        return unsafe FilePath(String(cString: name)).lastComponent?.string ?? ""
    }
}
