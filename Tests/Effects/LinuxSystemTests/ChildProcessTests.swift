import Faults
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Child process", .timeLimit(.minutes(10)))
struct ChildProcessTests {
    @Test("output, errors and status come back")
    func captures() throws {
        let outcome = try ChildProcess.run("sh", ["-c", "echo out; echo err >&2; exit 3"])
        #expect(outcome.standardOutput == Array("out\n".utf8))
        #expect(outcome.standardError == Array("err\n".utf8))
        #expect(outcome.termination == .exited(3))
        #expect(throws: ProcessError.self) { try outcome.requireSuccess() }
    }

    @Test("a signal is reported as a signal")
    func signal() throws {
        #expect(try ChildProcess.run("sh", ["-c", "kill -9 $$"]).termination == .signalled(9))
    }

    @Test("bytes are given as standard input")
    func input() throws {
        let bytes = [UInt8](repeating: 7, count: 300_000)
        let outcome = try ChildProcess.run("cat", input: .bytes(bytes))
        #expect(outcome.standardOutput == bytes)
    }

    @Test("floods on both streams do not deadlock")
    func floods() throws {
        let script = "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; echo end >&2"
        let outcome = try ChildProcess.run(
            "sh", ["-c", script], output: .capture(atMost: 4_000_000), errors: .tail(atMost: 4))
        #expect(outcome.standardOutput.count == 3_000_000)
        #expect(outcome.standardError == Array("end\n".utf8))
    }

    @Test("more output than asked for is an error, not a silent cut")
    func overflow() {
        #expect(throws: ProcessError.tooMuchOutput("yes", limit: 1000)) {
            try ChildProcess.run("yes", output: .capture(atMost: 1000))
        }
    }

    @Test("a program that hangs is killed with its children, and what it said is kept")
    func timeout() throws {
        let start = MonotonicClock.now()
        let error = #expect(throws: ProcessError.self) {
            try ChildProcess.run("sh", ["-c", "echo stuck >&2; sleep 120 & wait"], timeout: .seconds(5))
        }
        #expect(error?.cause.contains("stuck") == true)
        #expect(MonotonicClock.now() - start < .seconds(60))
    }

    @Test("who waits for a program can serve something else meanwhile")
    func served() throws {
        var turns = 0
        try ChildProcess.run("sleep", ["0.1"], whileWaiting: { turns += 1 }).requireSuccess()
        #expect(turns > 0)
        let long = try #require(Deadline.after(.seconds(60)).turn.remaining)
        #expect(long <= .seconds(5))
        #expect(Deadline.after(.zero).turn.remaining == .zero)
    }

    @Test("a descendant that keeps the streams open is not waited for")
    func daemon() throws {
        let start = MonotonicClock.now()
        let outcome = try ChildProcess.run("sh", ["-c", "sleep 30 & echo done"])
        #expect(outcome.standardOutput == Array("done\n".utf8))
        #expect(MonotonicClock.now() - start < .seconds(60))
    }

    @Test("a missing program is named with where it was looked for")
    func missing() throws {
        let error = #expect(throws: ProcessError.self) { try ChildProcess.run("no-such-program-here") }
        #expect(error?.operation == "finding")
        #expect(throws: ProcessError.cannotStart("/no/such", .noSuchFileOrDirectory)) {
            try ChildProcess.run("/no/such")
        }
    }

    @Test("an argument with a NUL byte is refused")
    func nul() {
        #expect(throws: ProcessError.nulInArgument("echo")) { try ChildProcess.run("echo", ["a\0b"]) }
    }

    @Test("no descriptor but the three standard ones is inherited")
    func descriptors() throws {
        let leak = try FileDescriptor.open("/dev/zero", .readOnly)
        defer { try? leak.close() }
        let outcome = try ChildProcess.run("sh", ["-c", "ls -x /proc/$$/fd; :"])
        #expect(String(decoding: outcome.standardOutput, as: UTF8.self) == "0  1  2\n")
    }

    @Test("environment and directory are those asked for")
    func surroundings() throws {
        let outcome = try ChildProcess.run("/bin/sh", ["-c", "echo $X; pwd"], environment: ["X=y"], directory: "/proc")
        #expect(outcome.standardOutput == Array("y\n/proc\n".utf8))
    }

    @Test("a descriptor takes the output")
    func descriptorOutput() throws {
        let ends = try FileDescriptor.pipe()
        let outcome = try ChildProcess.run("echo", ["hello"], output: .descriptor(ends.writeEnd))
        try ends.writeEnd.close()
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = try buffer.withUnsafeMutableBytes { try ends.readEnd.read(into: $0) }
        try ends.readEnd.close()
        #expect(outcome.succeeded && buffer.prefix(count) == ArraySlice("hello\n".utf8))
    }

    @Test("streamed input reaches the program and its output comes back")
    func streaming() throws {
        var child = try ChildProcess.spawn("wc", ["-c"], output: .capture(atMost: 100))
        let chunk = [UInt8](repeating: 1, count: 100_000)
        for _ in 0..<10 { _ = try child.standardInput?.writeAll(chunk) }
        child.closeStandardInput()
        let outcome = try child.wait(until: .after(.seconds(20)))
        #expect(outcome.standardOutput == Array("1000000\n".utf8))
    }

    @Test("a streamed program that says much while it reads nothing does not deadlock")
    func streamingFlood() throws {
        let child = try ChildProcess.spawn("sh", ["-c", "head -c 2000000 /dev/zero >&2; echo x >&2; cat >&2"])
        let pipe = child.standardInput
        let input = try #require(pipe)
        _ = try input.writeAll([UInt8](repeating: 65, count: 500_000))
        let outcome = try child.wait(until: .after(.seconds(20)))
        #expect(outcome.standardError.count == 4096)
    }

    @Test("writing to a program that is gone is an error, and the program's own message is kept")
    func brokenPipe() throws {
        let child = try ChildProcess.spawn("sh", ["-c", "exec <&-; echo sorry >&2; exit 4"])
        let pipe = child.standardInput
        let input = try #require(pipe)
        #expect(throws: Errno.brokenPipe) {
            for _ in 0..<100 { _ = try input.writeAll([UInt8](repeating: 0, count: 100_000)) }
        }
        let outcome = try child.wait(until: .after(.seconds(20)))
        #expect(outcome.termination == .exited(4))
        #expect(outcome.standardError == Array("sorry\n".utf8))
    }

    @Test("a streamed program that does not end in time is killed")
    func streamingTimeout() throws {
        #expect(throws: ProcessError.self) {
            let child = try ChildProcess.spawn("sleep", ["30"])
            _ = try child.wait(until: .after(.milliseconds(200)))
        }
    }
}
