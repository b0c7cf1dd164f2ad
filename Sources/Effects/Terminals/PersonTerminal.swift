import CLinux
import Glibc
package import LinuxSystem
package import SystemPackage

/// The terminal of a person who presses keys: standard input of this process.
///
/// While it lives, a key is read when it is pressed, is not shown by the terminal, and ends no program. Dropping it gives the
/// terminal back as it was.
package struct PersonTerminal: ~Copyable {
    private let file: FileDescriptor
    private let before: termios

    /// Takes over the terminal.
    ///
    /// The corresponding C functions are `tcgetattr` and `tcsetattr`.
    ///
    /// - Throws: `SystemError` when standard input is none.
    package init(_ file: FileDescriptor = .standardInput) throws(SystemError) {
        var settings = termios()
        do throws(Errno) { _ = try systemCall { unsafe tcgetattr(file.rawValue, &settings) } } catch {
            throw SystemError(
                "reading keys from", "standard input", error, remedy: "Start it on a terminal, as its unit does.")
        }
        self.file = file
        before = settings
        takeOver()
    }

    deinit { Self.set(before, file) }

    /// The columns and lines that it shows, each zero when it does not say.
    ///
    /// The corresponding C function is `ioctl` with `TIOCGWINSZ`.
    package var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(file.rawValue, UInt(TIOCGWINSZ), &size) == 0 else { return (0, 0) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes to it; what a terminal that was hung up does not take is nobody's loss.
    package func write(_ bytes: [UInt8]) { _ = try? FileBlock.write(bytes.span, to: file) }

    /// Reads the keys that were pressed; empty when nobody is there any more.
    package func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256)
        guard let count = try? FileBlock.read(file, into: &buffer) else { return [] }
        return Array(buffer.prefix(count))
    }

    /// Runs a body during which the terminal belongs to another program.
    ///
    /// - Parameter survives: whether Ctrl-C stops only that program, and not this one; not for a body that goes on as another
    ///   program, which would not be stopped either.
    package func lend<Result>(survives: Bool = true, _ body: () throws -> Result) rethrows -> Result {
        Self.set(before, file)
        if survives { clinux_ignore_keyboard(1) }
        defer {
            if survives { clinux_ignore_keyboard(0) }
            takeOver()
        }
        return try body()
    }

    /// What `poll` watches.
    var watched: Int32 { file.rawValue }

    private func takeOver() {
        var settings = before
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        settings.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON)
        Self.set(settings, file)
    }

    private static func set(_ settings: termios, _ file: FileDescriptor) {
        var settings = settings
        unsafe tcsetattr(file.rawValue, TCSADRAIN, &settings)
    }
}
