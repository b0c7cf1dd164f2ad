import BootModel
import Foundation
import Plans
import SystemPackage
import TestMachines
import Testing

@testable import BootExecution

@Suite("A stage before the booted system")
struct LiveBootEffectsStagesTests {
    private static func effects() -> LiveBootEffects {
        LiveBootEffects(parameters: BootParameters(KernelCommandLine(parsing: "")))
    }

    private static func program(_ script: String, in root: TestFolder) throws {
        try root.write("#!/bin/sh\n\(script)\n", to: "usr/bin/lifeboot")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: root.path.appending("usr/bin/lifeboot").string)
    }

    @Test("is run by the program of the new root, which is told its root and how long it has")
    func runs() throws {
        let root = try TestFolder()
        try Self.program("echo \"$@\" >\(root.path)/said", in: root)
        var effects = Self.effects()
        let result = try effects.runStage("rootfs", root.path)
        #expect(result.note == nil)
        let said = try String(contentsOfFile: root.path.appending("said").string, encoding: .utf8)
        #expect(said == "stage run rootfs --chroot \(root.path) --timeout 60\n")
    }

    @Test("that does not work is told of, with the end of what was said, and so is an image without the program")
    func fails() throws {
        let root = try TestFolder()
        var effects = Self.effects()
        #expect(
            try effects.runStage("rootfs", root.path).note?.hasPrefix("files name the stage rootfs, and the image")
                == true)
        try Self.program("echo one >&2; echo two >&2; exit 1", in: root)
        #expect(try effects.runStage("rootfs", root.path).note == "exit status 1: one / two")
    }
}
