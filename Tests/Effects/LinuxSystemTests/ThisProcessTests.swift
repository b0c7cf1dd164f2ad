import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("This process")
struct ThisProcessTests {
    @Test("its arguments are those that the kernel was given")
    func arguments() {
        #expect(ThisProcess.arguments == Array(CommandLine.arguments.dropFirst()))
    }

    @Test("its variables are those of its environment")
    func variables() {
        #expect(ThisProcess.variable("PATH") == ProcessInfo.processInfo.environment["PATH"])
        #expect(ThisProcess.variable("LIFEBOOT_NO_SUCH_VARIABLE") == nil)
    }

    @Test("when its time is over it is asked to end, and says why")
    func overdue() async {
        await #expect(processExitsWith: .exitCode(7)) {
            Interruption.demand(after: .seconds(60))
            Interruption.demand(after: .zero)
            let end = Deadline.after(.seconds(20))
            while !end.isPast, !Interruption.isRequested { usleep(10_000) }
            exit(Interruption.isRequested && Interruption.isOverdue ? 7 : 8)
        }
    }

    @Test("it is root when id says so")
    func root() throws {
        let outcome = try ChildProcess.run("id", ["-u"])
        #expect(ThisProcess.isRoot == (outcome.standardOutput == Array("0\n".utf8)))
    }

    @Test("all its variables are those of its environment, whatever their values hold")
    func environment() async {
        #expect(ThisProcess.environment == ProcessInfo.processInfo.environment)
        await #expect(processExitsWith: .exitCode(7)) {
            setenv("LIFEBOOT_TEST", "a=b=", 1)
            setenv("LIFEBOOT_EMPTY", "", 1)
            let all = ThisProcess.environment
            exit(all["LIFEBOOT_TEST"] == "a=b=" && all["LIFEBOOT_EMPTY"] == "" ? 7 : 8)
        }
    }

    @Test("its folder and its program are where the kernel says")
    func places() throws {
        #expect(try ThisProcess.folder.string == FileManager.default.currentDirectoryPath)
        let outcome = try ChildProcess.run("readlink", ["/proc/\(ThisProcess.identifier)/exe"])
        #expect(try Array("\(ThisProcess.program)\n".utf8) == outcome.standardOutput)
    }
}
