import Foundation
import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import LinuxSystem

// One at a time: the number of a terminal that has gone is the next one's.
@Suite("The question for a passphrase", .serialized)
struct ConsolePromptTests {
    /// Asks at consoles; a person at one of them types a line as soon as the question is there.
    private static func answer(_ line: String, at place: Int, of consoles: [Terminal]) throws -> [UInt8]? {
        let person = consoles[place]
        let question = Mutex("")
        // Not a task: the question blocks the threads on which tasks run.
        Thread.detachNewThread {
            let shown = person.shown(5)
            question.withLock { $0 = shown }
            person.type(line)
        }
        let answer = try ConsolePrompt.secret(
            "who? ", until: .after(.seconds(10)), consoles: consoles.map(\.path), whileWaiting: {})
        #expect(question.withLock(\.self) == "who? ")
        return answer
    }

    @Test("is asked at every console, answered at any, and what is typed is shown at none", arguments: 0..<3)
    func anyConsole(place: Int) throws {
        let consoles = try (0..<3).map { _ in try Terminal() }
        #expect(try Self.answer("secret", at: place, of: consoles) == Array("secret".utf8))
        for other in consoles.indices where other != place { #expect(consoles[other].shown(5) == "who? ") }
        for console in consoles { #expect(console.shown(2) == "\r\n") }
    }

    @Test("goes on at the others when a console is not there, or is hung up")
    func goneConsole() throws {
        let (gone, left) = (try Terminal(), try Terminal())
        gone.hangUp()
        #expect(try Self.answer("secret", at: 1, of: [gone, left]) == Array("secret".utf8))
        let late = try ConsolePrompt.secret(
            "who? ", until: .after(.milliseconds(10)), consoles: ["/nowhere", left.path], whileWaiting: {})
        #expect(late == nil)
        #expect(throws: SystemError.self) {
            try ConsolePrompt.secret("who? ", until: .after(.seconds(10)), consoles: ["/nowhere"], whileWaiting: {})
        }
    }

    @Test("ends without an answer when nobody is left who could give one")
    func nobody() throws {
        let answer = try ConsolePrompt.secret(
            "who? ", until: .after(.seconds(600)), consoles: ["/dev/null"], whileWaiting: {})
        #expect(answer == nil)
    }
}

/// A terminal, and the end at which a person sits.
private final class Terminal: Sendable {
    let path: FilePath
    private let person: Int32
    /// Keeps what is typed and shown when nobody else has it open.
    private let held: Int32

    init() throws {
        person = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        // TIOCSPTLCK and TIOCGPTN, which are macros of the kernel's.
        try #require(ioctl(person, 0x4004_5431, &isLocked) == 0 && ioctl(person, 0x8004_5430, &number) == 0)
        path = FilePath("/dev/pts/\(number)")
        held = path.withPlatformString { open($0, O_RDWR | O_NOCTTY) }
        try #require(held >= 0)
    }

    func type(_ line: String) {
        _ = Array((line + "\n").utf8).withUnsafeBytes { write(person, $0.baseAddress, $0.count) }
    }

    func hangUp() {
        close(person)
        close(held)
    }

    /// The next bytes that are to be seen; waits until there are so many.
    func shown(_ count: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let more = bytes[filled...].withUnsafeMutableBytes { read(person, $0.baseAddress, $0.count) }
            guard more > 0 else { break }
            filled += more
        }
        return String(decoding: bytes.prefix(filled), as: UTF8.self)
    }
}
