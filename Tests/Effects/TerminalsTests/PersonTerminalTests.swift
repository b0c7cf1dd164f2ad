import Foundation
import Glibc
import LinuxSystem
import SystemPackage
import Terminals
import Testing

/// Both ends of a terminal that exists only in this process.
private struct MadeUpTerminal: ~Copyable {
    /// The end at which a person sits.
    let person: FileDescriptor
    /// The end that programs have.
    let program: FileDescriptor

    init() throws {
        (person, program) = try Self.ends()
    }

    /// A new terminal's ends, by `/dev/ptmx`: `TIOCSPTLCK` and `TIOCGPTN` (pts(4)).
    static func ends() throws -> (person: FileDescriptor, program: FileDescriptor) {
        let options = FileDescriptor.OpenOptions(rawValue: O_NOCTTY)
        let person = try FileDescriptor.open("/dev/ptmx", .readWrite, options: options)
        var (number, unlocked) = (UInt32(0), Int32(0))
        try #require(unsafe ioctl(person.rawValue, 0x4004_5431, &unlocked) == 0)
        try #require(unsafe ioctl(person.rawValue, 0x8004_5430, &number) == 0)
        return (person, try FileDescriptor.open(FilePath("/dev/pts/\(number)"), .readWrite, options: options))
    }

    deinit {
        try? program.close()
        try? person.close()
    }

    /// The modes of the terminal.
    var modes: tcflag_t {
        var settings = termios()
        unsafe tcgetattr(program.rawValue, &settings)
        return settings.c_lflag
    }

    func type(_ text: String) throws { try person.writeAll(text.utf8) }
}

@Suite("The terminal of a person")
struct PersonTerminalTests {
    @Test("gives each key at once and unseen, and is given back as it was")
    func keys() throws {
        let pair = try MadeUpTerminal()
        let before = pair.modes
        do {
            let terminal = try PersonTerminal(pair.program)
            #expect(pair.modes & tcflag_t(ICANON | ECHO | ISIG) == 0)
            try pair.type("a\u{03}\r")
            #expect(terminal.read() == [0x61, 0x03, 0x0D])
            terminal.lend { #expect(pair.modes == before) }
            #expect(pair.modes & tcflag_t(ICANON) == 0)
        }
        #expect(pair.modes == before)
    }

    @Test("says its size")
    func size() throws {
        let pair = try MadeUpTerminal()
        var size = winsize(ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
        unsafe _ = ioctl(pair.program.rawValue, UInt(TIOCSWINSZ), &size)
        let terminal = try PersonTerminal(pair.program)
        #expect(terminal.size == (columns: 100, rows: 30))
    }

    @Test("is refused, with what to do, where there is none")
    func none() throws {
        let file = try FileDescriptor.open("/dev/null", .readWrite)
        defer { try? file.close() }
        #expect {
            _ = try PersonTerminal(file)
        } throws: { "\($0)".contains("Start it on a terminal") }
    }
}

@Suite("What happens at a console")
struct ConsoleEventsTests {
    @Test("is a key, a message of the kernel over it, a change in the folder, or nothing")
    func events() throws {
        let pair = try MadeUpTerminal()
        let terminal = try PersonTerminal(pair.program)
        try withFolder { folder in
            let log = folder.appending("kmsg")
            try #require(mkfifo(log.string, 0o600) == 0)
            // Held open, as a pipe without a writer is at its end.
            let writer = try FileDescriptor.open(log, .readWrite, options: .nonBlocking)
            defer { try? writer.close() }
            let events = ConsoleEvents(watching: folder, log: log)
            #expect(events.next(terminal, until: .after(.milliseconds(10))) == .timedOut)
            try pair.type("x")
            #expect(events.next(terminal, until: .after(.seconds(5))) == .keys)
            _ = terminal.read()
            try AtomicFile.write([0x31], to: folder.appending("progress"), isDurable: false)
            #expect(events.next(terminal, until: .after(.seconds(5))) == .change)
            // Of the lowest level, which no console shows, and of the highest.
            try writer.writeAll("7,1,1,-;quiet\n".utf8)
            #expect(events.next(terminal, until: .after(.milliseconds(200))) == .timedOut)
            try writer.writeAll("0,2,2,-;loud\n".utf8)
            #expect(events.next(terminal, until: .after(.seconds(5))) == .message)
        }
    }

    @Test("is the end of the terminal")
    func closed() throws {
        let (person, program) = try MadeUpTerminal.ends()
        defer { try? program.close() }
        let terminal = try PersonTerminal(program)
        let events = ConsoleEvents(watching: "/nowhere", log: "/nowhere")
        try person.close()
        #expect(events.next(terminal, until: .after(.seconds(5))) == .closed || terminal.read().isEmpty)
    }
}

@Suite("Who has a console")
struct ConsoleOwnershipTests {
    @Test("is one at a time, for as long as it lives")
    func ownership() throws {
        try withFolder { folder in
            #expect(!ConsoleOwnership.isTaken("/dev/tty1", in: folder))
            do {
                let lock = try #require(try ConsoleOwnership.take("tty1", in: folder))
                #expect(ConsoleOwnership.isTaken("/dev/tty1", in: folder))
                #expect(!ConsoleOwnership.isTaken("/dev/ttyS0", in: folder))
                #expect(try ConsoleOwnership.take("tty1", in: folder) == nil)
                withExtendedLifetime(lock) {}
            }
            #expect(!ConsoleOwnership.isTaken("/dev/tty1", in: folder))
        }
    }
}

/// Runs a body with a folder that is gone afterwards.
private func withFolder(_ body: (FilePath) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("terminals-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(FilePath(folder.path))
}
