import Faults
import Foundation
import LinuxSystem
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning
import Transactions

@Suite("Hooks")
struct HookRunnerTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func hook(_ name: String, _ text: String, mode: Int = 0o755) throws {
        // By another program: a script cannot be run while anyone has it open for writing, not even a program that another
        // test started at this moment and that has not yet begun.
        let script = #"mkdir -p "${1%/*}"; printf '#!/bin/sh\n%s\n' "$2" >"$1"; chmod "$3" "$1""#
        let path = folder.path.appending(name).string
        try ChildProcess.run("sh", ["-ec", script, "sh", path, text, String(mode, radix: 8)]).requireSuccess()
    }

    private func runner(strict: Bool) -> HookRunner {
        HookRunner(
            isStrict: strict, environment: ["LIFEBOOT_IMAGE=abc", "OUT=\(folder.path)/out"],
            folders: [folder.path.appending("usr"), folder.path.appending("etc")])
    }

    @Test("hooks run in order with their variables, the image's first")
    func order() throws {
        try hook("usr/after-upgrade.d/20-b", "echo b $LIFEBOOT_EVENT $LIFEBOOT_IMAGE >> $OUT")
        try hook("usr/after-upgrade.d/.hidden", "echo hidden >> $OUT")
        try hook("etc/after-upgrade.d/10-a", "echo a >> $OUT")
        let failures = try runner(strict: true).run(HookEvent(.after, of: "upgrade"), progress: .silent)
        #expect(failures == [])
        let said = try String(contentsOfFile: folder.path.appending("out").string, encoding: .utf8)
        #expect(said == "b after-upgrade abc\na\n")
    }

    @Test("a hook that fails ends the operation, unless told otherwise or after the commit")
    func strictness() throws {
        try hook("usr/before-upgrade.d/a", "echo no disk >&2; exit 3")
        try hook("usr/post-upgrade.d/a", "exit 1")
        let error = #expect(throws: Refusal.self) {
            try runner(strict: true).run(HookEvent(.before, of: "upgrade"), progress: .silent)
        }
        #expect(error?.kind == .hook)
        #expect(error?.cause.contains("no disk") == true)
        #expect(try runner(strict: false).run(HookEvent(.before, of: "upgrade"), progress: .silent).count == 1)
        #expect(try runner(strict: true).run(HookEvent(.post, of: "upgrade"), progress: .silent).count == 1)
    }

    @Test("a hook that cannot be run is a hook that failed")
    func notExecutable() throws {
        try hook("usr/before-upgrade.d/a", "exit 0", mode: 0o644)
        let failures = try runner(strict: false).run(HookEvent(.before, of: "upgrade"), progress: .silent)
        #expect(failures.first?.contains("not an executable file") == true)
    }

    @Test("an event without folders has no hooks")
    func none() throws {
        #expect(try runner(strict: true).run(HookEvent(.after, of: "reset"), progress: .silent) == [])
    }
}
