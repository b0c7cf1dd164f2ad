import Faults
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import OEMExecution

@Suite("Labels of what a stage makes")
struct StageLabelsTests {
    private static func withFolder(_ body: (FilePath) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("labels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(FilePath(url.path))
    }

    private static func text(_ path: FilePath) -> String? { try? String(contentsOfFile: path.string, encoding: .utf8) }

    /// A program that notes what it was asked for, and fails for `/bad`.
    private static func program(_ folder: FilePath) throws -> FilePath {
        let path = folder.appending("restorecon")
        let script = "#!/bin/sh\necho \"$*\" >>\(folder)/asked\n[ \"$3\" != /bad ] || { echo denied >&2; exit 1; }\n"
        try script.write(toFile: path.string, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.string)
        return path
    }

    @Test("are asked of the image's own program when there is a policy, and what it cannot do is said")
    func loaded() throws {
        try Self.withFolder { folder in
            let labels = StageLabels(.loaded, programs: ["/nowhere/restorecon", try Self.program(folder)])
            try labels.set("/etc/new")
            try labels.set(nil)
            #expect(Self.text(folder.appending("asked")) == "-R -- /etc/new\n")
            let error = #expect(throws: StageError.self) { try labels.set("/bad") }
            #expect(error?.description.contains("exit status 1: denied") == true)
            try StageLabels(.loaded, programs: ["/nowhere/restorecon"]).set("/etc/new")
        }
    }

    @Test("are left to whoever loads the policy, before that")
    func awaited() throws {
        try Self.withFolder { folder in
            let list = folder.appending("list")
            let labels = StageLabels(.awaited, awaited: AwaitedLabels(list: list), programs: [try Self.program(folder)])
            try labels.set("/etc/new")
            #expect(Self.text(list) == "/etc/new\n" && Self.text(folder.appending("asked")) == nil)
        }
    }

    @Test("are nobody's business without SELinux")
    func none() throws {
        try Self.withFolder { folder in
            let labels = StageLabels(.none, programs: [try Self.program(folder)])
            try labels.set("/etc/new")
            #expect(!labels.areWanted && Self.text(folder.appending("asked")) == nil)
        }
    }

    @Test("are asked for the first part of a path that is new, and not for what was there")
    func newest() throws {
        try Self.withFolder { folder in
            let list = folder.appending("list")
            let tree = folder.appending("root")
            try FileManager.default.createDirectory(atPath: "\(tree)/etc", withIntermediateDirectories: true)
            try "old".write(toFile: "\(tree)/etc/old", atomically: true, encoding: .utf8)
            let root = try StageRoot(tree, labels: StageLabels(.awaited, awaited: AwaitedLabels(list: list)))
            let owner = Ownership(user: getuid(), group: getgid())
            _ = try root.write([1], to: "/etc/a/b/c", mode: 0o644, owner: owner)
            _ = try root.write([1], to: "/etc/old", mode: 0o644, owner: owner)
            _ = try root.makeDirectory("/var/lib", mode: 0o700, newMode: 0o755, owner: owner)
            _ = try root.makeDirectory("/var/lib", mode: 0o755, newMode: 0o755, owner: owner)
            _ = try root.link("/etc/link", to: "old")
            #expect(Self.text(list) == "/etc/a\n/var\n/etc/link\n")
        }
    }
}
