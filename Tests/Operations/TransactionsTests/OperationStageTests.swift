import Faults
import Foundation
import LinuxSystem
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

/// A root with a file of configuration, and a program that stands in for the one that runs stages.
private struct StageScene {
    let folder: TestFolder

    /// Makes the root, and in it the program by a script.
    init(_ script: String, file: String = "stages: {before-upgrade: [], after-upgrade-chroot: []}") throws {
        folder = try TestFolder()
        try folder.write(file, to: "oem/1.yaml")
        // By another program: a script that somebody has open for writing cannot be run.
        let make = #"mkdir -p usr/bin; printf '#!/bin/sh\n%s\n' "$1" >usr/bin/lifeboot; chmod 755 usr/bin/lifeboot"#
        try ChildProcess.run("sh", ["-ec", make, "sh", script], directory: folder.path).requireSuccess()
    }

    func stage(policy: String = "oem: {strict: [before-upgrade]}\n") throws -> OperationStage {
        try folder.write(policy, to: "config.yaml")
        return OperationStage(
            program: folder.path.appending("usr/bin/lifeboot"), root: folder.path,
            policies: [folder.path.appending("config.yaml")])
    }

    /// What the program was called with; nil when it was not.
    var said: String? { try? String(contentsOfFile: folder.path.appending("said").string, encoding: .utf8) }
}

@Suite("The stage of an operation")
struct OperationStageTests {
    private static let before = HookEvent(.before, of: "upgrade")

    @Test("is run by this program, and what did not work is told")
    func runs() throws {
        let scene = try StageScene(
            #"cd "${0%/usr/*}"; echo "$@" >said; echo '{"problems": ["/oem/1.yaml:3: no", "b"]}'"#)
        #expect(try scene.stage().run(Self.before) == ["/oem/1.yaml:3: no", "b"])
        #expect(scene.said == "stage run before-upgrade --json\n")
    }

    @Test("in the new image is run by that one's program, with its root")
    func chroot() throws {
        let scene = try StageScene(#"cd "${0%/usr/*}"; echo "$@" >said; echo '{"problems": []}'"#)
        let here = try StageScene("exit 9", file: "stages: {}")
        let root = scene.folder.path
        #expect(try here.stage().run(HookEvent(.afterChroot, of: "upgrade"), in: root) == [])
        #expect(scene.said == "stage run after-upgrade-chroot --json --chroot \(root)\n")
    }

    @Test("starts nothing when no file names it")
    func unnamed() throws {
        let scene = try StageScene(#"cd "${0%/usr/*}"; echo >said; exit 1"#)
        #expect(try scene.stage().run(HookEvent(.before, of: "reset")) == [])
        #expect(scene.said == nil)
    }

    @Test("that another file of the machine names runs in an image without a program, and that is told")
    func noProgram() throws {
        let scene = try StageScene("exit 0")
        try Folders.removeFile(scene.folder.path.appending("usr/bin/lifeboot"))
        let problems = try scene.stage().run(HookEvent(.afterChroot, of: "upgrade"), in: scene.folder.path)
        #expect(problems == ["the image has no /usr/bin/lifeboot to run it"])
    }

    @Test(
        "that says nothing which can be read has failed when its program has",
        arguments: [
            ("exit 0", []), ("echo '['; exit 0", []), ("echo one >&2; echo two >&2; exit 3", ["exit status 3: two"]),
            ("echo '{\"event\": \"error\"}'; exit 2", ["exit status 2"]),
        ])
    func unreadable(script: String, problems: [String]) throws {
        let scene = try StageScene(script)
        #expect(try scene.stage().run(Self.before) == problems)
    }

    @Test(
        "ends the operation only before it, by the configuration, and not with --no-strict",
        arguments: [
            ("oem: {strict: [before-upgrade]}\n", true, HookEvent.Moment.before, true),
            ("oem: {strict: [before-upgrade]}\n", false, .before, false), ("oem: {}\n", true, .before, false),
            ("oem: [\n", true, .before, false), ("oem: {strict: [after-upgrade]}\n", true, .after, false),
        ])
    func strict(policy: String, isStrict: Bool, moment: HookEvent.Moment, ends: Bool) throws {
        let scene = try StageScene(
            "echo '{\"problems\": [\"it is broken\"]}'; exit 1",
            file: "stages: {before-upgrade: [], after-upgrade: []}")
        let hooks = HookRunner(isStrict: isStrict, folders: [], stage: try scene.stage(policy: policy))
        let event = HookEvent(moment, of: "upgrade")
        guard ends else {
            #expect(try hooks.run(event, progress: .silent) == ["stage \(event): it is broken"])
            return
        }
        let error = #expect(throws: Refusal.self) { _ = try hooks.run(event, progress: .silent) }
        #expect(error?.kind == .hook && error?.cause == "it is broken" && error?.subject == "stage \(event)")
    }
}
