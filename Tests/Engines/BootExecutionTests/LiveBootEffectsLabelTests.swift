import BootModel
import Foundation
import LinuxSystem
import SystemPackage
import TestMachines
import Testing

@testable import BootExecution

@Suite("Live boot effects: labels of SELinux", .enabled(if: geteuid() == 0), .serialized)
struct LiveBootEffectsLabelTests {
    private static let label = Array("system_u:object_r:home_root_t:s0\0".utf8)

    /// A root with a labelled `/home` and a store in memory, on a machine that waits for a policy or has none.
    private static func scene(
        awaits: Bool, _ body: (inout LiveBootEffects, _ folder: FilePath) throws -> Void
    ) throws {
        let owner = try TestFolder()
        defer { _ = owner }
        let folder = owner.path
        try Folders.make(folder.appending("root/home"))
        try Folders.make(folder.appending("root/etc"))
        try Folders.make(folder.appending("store"))
        try AtomicFile.write([1], to: folder.appending("root/home/file"))
        try setLabel(folder.appending("root/home"))
        try Mount.temporary(on: folder.appending("store"), size: "8m")
        defer { try? Mount.unmount(folder.appending("store"), lazy: true) }
        defer { try? Mount.unmount(folder.appending("root/home"), lazy: true) }
        let labels = AwaitedLabels(list: folder.appending("list"))
        var effects = LiveBootEffects(parameters: BootParameters(), awaitedLabels: awaits ? labels : nil)
        try body(&effects, folder)
    }

    private static func setLabel(_ path: FilePath) throws {
        let text = String(decoding: label.dropLast(), as: UTF8.self)
        try ChildProcess.run("setfattr", ["-n", SecurityLabel.attribute, "-v", text + "\\000", path.string])
            .requireSuccess()
    }

    private static func label(_ path: FilePath) throws -> [UInt8]? {
        try OverlayMark.attribute(SecurityLabel.attribute, of: path)
    }

    private static func listed(_ folder: FilePath) throws -> String? {
        try FileBytes.readIfPresent(folder.appending("list"), limit: 1024).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "an overlay's root and its folders in the store have that of the image's folder, and it is listed where a policy comes",
        arguments: [true, false])
    func overlay(awaits: Bool) throws {
        try Self.scene(awaits: awaits) { effects, folder in
            let store = folder.appending("store")
            _ = try effects.perform(.overlayPath("/home", root: folder.appending("root"), store: store))
            for path in ["root/home", "store/home", "store/home/upper", "store/home/work"] {
                #expect(try Self.label(folder.appending(path)) == Self.label, "\(path)")
            }
            #expect(try Self.listed(folder) == (awaits ? "/home\n" : nil))
        }
    }

    @Test("labelling every file of an overlay copies no content")
    func noContent() throws {
        try Self.scene(awaits: true) { effects, folder in
            let store = folder.appending("store")
            _ = try effects.perform(.overlayPath("/home", root: folder.appending("root"), store: store))
            try Self.setLabel(folder.appending("root/home/file"))
            let copied = try ChildProcess.run("stat", ["-c", "%b", "\(store)/home/upper/file"]).standardOutput
            #expect(String(decoding: copied, as: UTF8.self) == "0\n")
            #expect(try FileBytes.read(folder.appending("root/home/file"), limit: 9) == [1])
        }
    }

    @Test(
        "a persistent path has that of the image's folder, and is not gone through",
        arguments: [PersistMode.overlay, .bind])
    func persistent(mode: PersistMode) throws {
        try Self.scene(awaits: true) { effects, folder in
            let store = folder.appending("store")
            _ = try effects.perform(
                .persistPath("/home", root: folder.appending("root"), store: store, mode: mode))
            for path in ["root/home", "store/state/home"] {
                #expect(try Self.label(folder.appending(path)) == Self.label, "\(path)")
            }
            #expect(try Self.listed(folder) == nil)
        }
    }

    @Test("a machine-id that the initramfs wrote is listed")
    func machineID() throws {
        try Self.scene(awaits: true) { effects, folder in
            let action = BootAction.keepMachineID(root: folder.appending("root"), store: folder.appending("store"))
            _ = try effects.perform(action)
            #expect(try Self.listed(folder) == "/etc/machine-id\n")
        }
    }
}
