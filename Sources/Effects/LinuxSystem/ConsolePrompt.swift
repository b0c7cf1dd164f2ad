import Glibc
package import SystemPackage

/// Asks the person at the console for one line, without showing it.
package enum ConsolePrompt {
    /// The longest line that is taken, in bytes: what a terminal lets one type.
    private static let limit = 4096

    /// Writes a question and waits for a line.
    ///
    /// The corresponding C functions are `tcsetattr` (without `ECHO`), `poll` and `read`.
    ///
    /// - Parameter whileWaiting: called every few seconds, so that a watchdog can be served.
    /// - Returns: the line without its end; nil when there was none in time.
    /// - Throws: `SystemError` when there is no console.
    package static func secret(
        _ question: String, until deadline: Deadline, console: FilePath = "/dev/console", whileWaiting: () -> Void
    ) throws(SystemError) -> [UInt8]? {
        do throws(Errno) {
            let options = FileDescriptor.OpenOptions(rawValue: O_NOCTTY)
            return try OwnedDescriptor(opening: console, .readWrite, options: options).use { (file) throws(Errno) in
                try withoutEcho(file) { () throws(Errno) in
                    _ = try catchingErrno { try file.writeAll(question.utf8) }
                    let line = try line(file, deadline, whileWaiting)
                    _ = try catchingErrno { try file.writeAll("\n".utf8) }
                    return line
                }
            }
        } catch {
            throw .file("asking at", console, error)
        }
    }

    private static func line(
        _ file: FileDescriptor, _ deadline: Deadline, _ whileWaiting: () -> Void
    ) throws(Errno) -> [UInt8]? {
        while !deadline.isPast {
            let turn = deadline.turn.pollTimeout
            var watched = pollfd(fd: file.rawValue, events: Int16(POLLIN), revents: 0)
            let ready = try systemCall { unsafe poll(&watched, 1, turn) }
            whileWaiting()
            if ready == 0 { continue }
            var buffer = [UInt8](repeating: 0, count: limit)
            let count = try FileBlock.read(file, into: &buffer)
            // An end of file is nobody at the console.
            return count == 0 ? nil : Array(buffer.prefix(count).prefix { $0 != 0x0A })
        }
        return nil
    }

    /// Switches a terminal's echo off meanwhile; what is no terminal has none.
    private static func withoutEcho<Result>(
        _ file: FileDescriptor, _ body: () throws(Errno) -> Result
    ) throws(Errno) -> Result {
        var before = termios()
        guard unsafe tcgetattr(file.rawValue, &before) == 0 else { return try body() }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ICANON)
        unsafe tcsetattr(file.rawValue, TCSAFLUSH, &silent)
        defer { unsafe tcsetattr(file.rawValue, TCSAFLUSH, &before) }
        return try body()
    }
}
