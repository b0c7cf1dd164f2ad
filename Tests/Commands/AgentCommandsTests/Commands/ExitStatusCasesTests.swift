import ArgumentParser
import Faults
import Foundation
import InstalledSystem
import LinuxSystem
import SystemPackage
import TestMachines
import Testing

@testable import AgentCommands
@testable import CommandOutput

/// Runs command lines of `lifeboot` in this process, and keeps what they say.
private final class Told {
    var text = ""

    func run(_ arguments: [String]) -> Int32 {
        let streams = OutputStreams(
            result: { [self] (line) throws(Errno) in text += line }, remark: { [self] in text += $0 })
        let output = Output("lifeboot", .lines, to: streams)
        do {
            guard let command = try AgentCommand.parseAsRoot(arguments) as? any AgentVerb else {
                return CommandLineProgram.run(AgentCommand.self, arguments, output)
            }
            try command.run(output)
            return ExitStatus.success
        } catch { return AgentCommand.exitCode(for: error).rawValue }
    }

    /// What a command line ends with that is parsed as the program does it.
    func parse(_ arguments: [String]) -> Int32 {
        let streams = OutputStreams(
            result: { [self] (line) throws(Errno) in text += line }, remark: { [self] in text += $0 })
        return CommandLineProgram.run(AgentCommand.self, arguments, Output("lifeboot", .lines, to: streams))
    }
}

@Suite("The exit statuses of docs/operating.md, run")
struct ExitStatusCasesTests {
    /// This machine was not started by lifeboot; without root that is not even asked.
    private static var foreign: Int32 { ThisProcess.isRoot ? AgentExit.role.rawValue : AgentExit.undetermined.rawValue }
    /// Whether the tests run on a machine of ours, where these commands do what they say.
    static var isOurs: Bool { (try? Machine().requireOurs("test")) != nil }

    @Test(
        "a machine that lifeboot has not started is told so by every verb, with one status",
        .disabled(if: ExitStatusCasesTests.isOurs),
        arguments: [
            ["status"], ["upgrade", "dir:/nonexistent"], ["upgrade", "--check"], ["upgrade", "--unattended"],
            ["upgrade-recovery"], ["rollback"],
            ["rollback", "--dry-run"], ["reset"], ["reset", "--schedule"], ["mark-good"], ["switch", "active"],
            ["boot-env", "show"], ["boot-env", "check"], ["boot-env", "repair"], ["grub"], ["grow"], ["record-boot"],
        ])
    func foreign(_ arguments: [String]) {
        let told = Told()
        #expect(told.run(arguments) == Self.foreign, "\(told.text)")
        let words = ThisProcess.isRoot ? "was not started by lifeboot" : "must run as root"
        #expect(told.text.contains(words), "\(told.text)")
    }

    @Test(
        "plan says so too where it would have to plan this machine's boot",
        .disabled(if: ExitStatusCasesTests.isOurs))
    func plan() {
        let told = Told()
        #expect(told.run(["plan"]) == AgentExit.role.rawValue && told.text.contains("--command-line"))
        #expect(told.run(["plan", "--command-line", "lifeboot.role=active lifeboot.image=aaaaaaaaaaaaaaaa"]) != 30)
    }

    @Test("a group of commands alone is no command", arguments: [["boot-env"], ["image"]])
    func groups(_ arguments: [String]) {
        let told = Told()
        #expect(told.parse(arguments) == AgentExit.usage.rawValue && told.text.contains("SUBCOMMANDS"), "\(told.text)")
        #expect(told.parse(arguments + ["--help"]) == AgentExit.success.rawValue)
    }

    @Test(
        "a misspelt command gets its neighbour",
        arguments: [
            (["stauts"], "lifeboot status"), (["rolback"], "lifeboot rollback"),
            (["upgarde", "dir:/x"], "lifeboot upgrade"),
            (["boot-env", "chekc"], "lifeboot boot-env check"), (["image", "pul", "a", "b"], "lifeboot image pull"),
            (["frobnicate"], nil), (["switch", "actve"], nil),
        ] as [([String], String?)])
    func neighbours(_ arguments: [String], _ neighbour: String?) {
        let told = Told()
        #expect(told.parse(arguments) == AgentExit.usage.rawValue)
        if let neighbour {
            #expect(told.text.contains("Did you mean '\(neighbour)'?"), "\(told.text)")
        } else {
            #expect(!told.text.contains("Did you mean '"), "\(told.text)")
        }
    }

    @Test(
        "a source that is not there is not found, whatever it is",
        arguments: ["dir", "file", "oci", "oci-archive", "iso"])
    func notFound(_ scheme: String) {
        let told = Told()
        #expect(told.run(["image", "pull", "\(scheme):/nonexistent", "/nonexistent/x"]) == AgentExit.notFound.rawValue)
        #expect(told.text.contains("there is no such file or folder") && !told.text.contains("disk"), "\(told.text)")
    }

    @Test("an image is unsigned, damaged, or got, as the status says; and nothing is wrong with this program")
    func images() throws {
        let folder = try TestFolder()
        let image = try #require(FakeImage.all.get().first)
        try image.write(folder.path.appending("media"))
        try FileManager.default.createDirectory(
            atPath: folder.path.appending("keys").string, withIntermediateDirectories: true)
        let pull = ["image", "pull", "dir:\(folder.path)/media", "\(folder.path)/got", "--keys", "\(folder.path)/keys"]
        let told = Told()
        #expect(told.run(pull) == AgentExit.unsigned.rawValue, "\(told.text)")
        #expect(told.run(pull + ["--allow-unsigned"]) == AgentExit.success.rawValue, "\(told.text)")
        #expect(told.run(pull + ["--allow-unsigned"]) == AgentExit.success.rawValue, "\(told.text)")
        // Both: what has the digest of one file serves for the other.
        for file in ["vmlinuz", "initrd.img"] {
            try folder.write(String(repeating: "x", count: 4096), to: "media/\(file)")
        }
        let again = pull.map { $0.hasSuffix("/got") ? "\(folder.path)/again" : $0 } + ["--allow-unsigned"]
        #expect(told.run(again) == AgentExit.mismatch.rawValue, "\(told.text)")
        #expect(
            told.run(["image", "pull", "oci://127.0.0.1:1/os:1", "\(folder.path)/x"]) == AgentExit.unreachable.rawValue)
        #expect(told.text.contains("127.0.0.1:1/os:1"), "as it was typed: \(told.text)")
        let plain = told.run(["image", "pull", "file:\(folder.path)/media/vmlinuz", "\(folder.path)/x"])
        #expect(plain == AgentExit.undetermined.rawValue, "no image at all: \(told.text)")
        #expect(told.run(["selftest"]) == AgentExit.success.rawValue)
    }
}
