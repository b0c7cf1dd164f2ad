import Glibc
package import SystemPackage

/// Asks the person at a console for one line, without showing it.
package enum ConsolePrompt {
    /// The longest line that is taken, in bytes: what a terminal lets one type.
    private static let limit = 4096

    /// Writes a question to all consoles and waits for a line from any: a person may sit at each of them.
    ///
    /// The corresponding C functions are `tcsetattr` (without `ECHO`), `poll` and `read`.
    ///
    /// - Parameter whileWaiting: called every few seconds, so that a watchdog can be served.
    /// - Returns: the line without its end; nil when there was none in time, or nobody is left who could type one.
    /// - Throws: `SystemError` when not one of the consoles is there.
    package static func secret(
        _ question: String, until deadline: Deadline, consoles: [FilePath] = Console.all, whileWaiting: () -> Void
    ) throws(SystemError) -> [UInt8]? {
        var failure = SystemError.file("asking at", "/dev/console", .noSuchFileOrDirectory)
        var files: [FileDescriptor] = []
        defer { for file in files { try? file.close() } }
        for console in consoles {
            do throws(Errno) {
                let options = FileDescriptor.OpenOptions(rawValue: O_NOCTTY)
                files.append(try OwnedDescriptor(opening: console, .readWrite, options: options).release())
            } catch {
                failure = .file("asking at", console, error)
            }
        }
        guard !files.isEmpty else { throw failure }
        return withoutEcho(files[...]) { ask(question, files, deadline, whileWaiting) }
    }

    private static func ask(
        _ question: String, _ files: [FileDescriptor], _ deadline: Deadline, _ whileWaiting: () -> Void
    ) -> [UInt8]? {
        for file in files { _ = try? file.writeAll(question.utf8) }
        defer { for file in files { _ = try? file.writeAll("\n".utf8) } }
        var watched = files.map { pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0) }
        while !watched.isEmpty, !deadline.isPast {
            let turn = deadline.turn.pollTimeout
            let ready = unsafe watched.withUnsafeMutableBufferPointer { list in
                unsafe poll(list.baseAddress, nfds_t(list.count), turn)
            }
            whileWaiting()
            guard ready > 0 else { continue }
            for place in watched.indices.reversed() where watched[place].revents != 0 {
                if let line = line(FileDescriptor(rawValue: watched[place].fd)) { return line }
                // Nobody will type there any more: its end, or a line that was hung up.
                watched.remove(at: place)
            }
        }
        return nil
    }

    /// What was typed; nil at the end of the file, and where nothing can be read.
    private static func line(_ file: FileDescriptor) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        guard let count = try? FileBlock.read(file, into: &buffer), count > 0 else { return nil }
        return Array(buffer.prefix(count).prefix { $0 != 0x0A })
    }

    /// Switches the echo of terminals off meanwhile; what is no terminal has none.
    private static func withoutEcho<Result>(_ files: ArraySlice<FileDescriptor>, _ body: () -> Result) -> Result {
        guard let file = files.first else { return body() }
        var before = termios()
        guard unsafe tcgetattr(file.rawValue, &before) == 0 else { return withoutEcho(files.dropFirst(), body) }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ICANON)
        unsafe tcsetattr(file.rawValue, TCSAFLUSH, &silent)
        defer { unsafe tcsetattr(file.rawValue, TCSAFLUSH, &before) }
        return withoutEcho(files.dropFirst(), body)
    }
}
