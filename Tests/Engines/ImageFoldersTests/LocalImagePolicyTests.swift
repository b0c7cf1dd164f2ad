import Foundation
import SystemPackage
import Testing

@testable import ImageFolders

@Suite("Whether images that the machine made itself may boot")
struct LocalImagePolicyTests {
    static let sealed = "usr/lib/lifeboot/sealed"
    static let allow = "usr/lib/lifeboot/allow-local-images"
    static let refuse = "usr/lib/lifeboot/refuse-local-images"
    /// Files that must not change what the kind of system says.
    static let strays = [[], ["etc/initrd-release"], ["etc/os-release", "run/lifeboot/boot.json"]]

    @Test(
        "an initramfs allows them only by its mark, whatever other files are there or missing",
        arguments: [
            ([], .refuse), ([refuse], .refuse), ([allow], .allow), ([allow, refuse], .allow),
            ([allow, sealed], .refuse),
        ]
            as [([String], LocalImagePolicy)], strays)
    func initramfs(_ marks: ([String], LocalImagePolicy), strays: [String]) throws {
        try Self.below(marks.0 + strays) { #expect(LocalImagePolicy.inInitramfs(below: $0) == marks.1) }
    }

    @Test(
        "a booted system refuses them only by its mark, whatever other files are there or missing",
        arguments: [
            ([], .allow), ([refuse], .refuse), ([allow], .allow), ([allow, refuse], .refuse), ([sealed], .refuse),
        ]
            as [([String], LocalImagePolicy)], strays)
    func booted(_ marks: ([String], LocalImagePolicy), strays: [String]) throws {
        try Self.below(marks.0 + strays) { #expect(LocalImagePolicy.inBootedSystem(below: $0) == marks.1) }
    }

    @Test("what cannot be found out is no")
    func unknown() throws {
        // A file where a folder belongs: neither mark can be looked for.
        try Self.below(["usr/lib/lifeboot"]) { root in
            #expect(LocalImagePolicy.inInitramfs(below: root) == .refuse)
            #expect(LocalImagePolicy.inBootedSystem(below: root) == .refuse)
        }
    }

    /// Makes a root with some empty files in it.
    private static func below(_ files: [String], _ body: (FilePath) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("lifeboot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        for file in files {
            let path = root.appendingPathComponent(file)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: path)
        }
        try body(FilePath(root.path))
    }
}
