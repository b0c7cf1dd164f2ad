import BootModel
import Foundation
import Plans
import SystemPackage
import TestMachines
import Testing

@testable import BootExecution

@Suite("The image's own program before the booted system")
struct LiveBootEffectsProgramTests {
    private static func effects() -> LiveBootEffects {
        LiveBootEffects(parameters: BootParameters(KernelCommandLine(parsing: "")))
    }

    private static func program(_ script: String, in root: TestFolder) throws {
        try root.write("#!/bin/sh\n\(script)\n", to: "usr/bin/lifeboot")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: root.path.appending("usr/bin/lifeboot").string)
    }

    @Test("runs a stage in the new root, and is told its root and how long it has")
    func runs() throws {
        let root = try TestFolder()
        try Self.program("echo \"$@\" >\(root.path)/said", in: root)
        var effects = Self.effects()
        let result = try effects.runStage("rootfs", root.path)
        #expect(result.note == nil)
        let said = try String(contentsOfFile: root.path.appending("said").string, encoding: .utf8)
        #expect(said == "stage run rootfs --chroot \(root.path) --timeout 60\n")
    }

    @Test("whose stage does not work is told of, with the end of what was said, and so is an image without the program")
    func fails() throws {
        let root = try TestFolder()
        var effects = Self.effects()
        #expect(
            try effects.runStage("rootfs", root.path).note?.hasPrefix("files name the stage rootfs, and the image")
                == true)
        try Self.program("echo one >&2; echo two >&2; exit 1", in: root)
        #expect(try effects.runStage("rootfs", root.path).note == "exit status 1: one / two")
    }

    @Test("ends a boot by its word that an overlay is required, and by no other failure", arguments: [0, 1, 2, 64])
    func overlays(status: Int) throws {
        let root = try TestFolder()
        var effects = Self.effects()
        #expect(
            try effects.stackOverlays(root.path).note
                == "there are overlays, and the image has no /usr/bin/lifeboot to "
                + "stack them")
        try Self.program("echo \"$@\" >\(root.path)/said; echo 10-a is damaged >&2; exit \(status)", in: root)
        let result = Result { try effects.stackOverlays(root.path) }
        #expect(
            try String(contentsOfFile: root.path.appending("said").string, encoding: .utf8)
                == "overlay stack --root \(root.path)\n")
        switch (status, result) {
        case (0, .success(let done)): #expect(done.note == nil)
        case (1, .failure(let error)): #expect("\(error)".contains("10-a is damaged"))
        case (2, .success(let done)), (64, .success(let done)):
            #expect(done.note == "exit status \(status): 10-a is damaged")
        default: Issue.record("\(status): \(result)")
        }
    }

    @Test("stacks what is undone in reverse, and stays until the end of the machine", .enabled(if: geteuid() == 0))
    func mounts() throws {
        let root = try TestFolder()
        for folder in ["usr/bin", "opt"] { try root.write("", to: "\(folder)/file") }
        let mount = "mount -t tmpfs none"
        try Self.program(
            "\(mount) \(root.path)/opt && mkdir \(root.path)/opt/x && \(mount) \(root.path)/opt/x", in: root)
        var effects = Self.effects()
        let result = try effects.stackOverlays(root.path)
        #expect(effects.mountPoints == ["/opt", "/opt/x"])
        #expect(result.undo == ["opt/x", "opt"].map { .unmount(root.path.appending($0)) })
        for action in result.undo { try effects.undo(action) }
        #expect(!FileManager.default.fileExists(atPath: root.path.appending("opt/x").string))
    }

    @Test("says which folders the layout's own overlays get as lower layers, from the top down")
    func lowerLayers() throws {
        let report = #"{"format": 1, "lowerLayers": {"/etc": ["/r/l/02/etc", "/r/l/01/etc"], "/opt": []}}"#
        let layers = try LiveBootEffects.lowerLayers(Array(report.utf8))
        #expect(layers == ["/etc": ["/r/l/02/etc", "/r/l/01/etc"], "/opt": []])
        #expect(try LiveBootEffects.lowerLayers(Array("{}".utf8)).isEmpty)
    }
}
