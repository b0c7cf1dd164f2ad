import Foundation
import SystemPackage
import Testing

@testable import ImageFolders

@Suite("Whether images that the machine made itself may boot")
struct LocalImagePolicyTests {
    static let allow = "usr/lib/lifeboot/allow-local-images"
    static let refuse = "usr/lib/lifeboot/refuse-local-images"
    static let initramfs = "etc/initrd-release"

    @Test(
        "an initramfs needs a mark to allow them, a booted system one to refuse them",
        arguments: [
            ([], .allow), ([refuse], .refuse), ([initramfs], .refuse), ([initramfs, allow], .allow),
            ([initramfs, refuse], .refuse), ([initramfs, allow, refuse], .allow),
        ] as [([String], LocalImagePolicy)])
    func marks(_ files: [String], _ policy: LocalImagePolicy) throws {
        try Self.below(files) { #expect(LocalImagePolicy.ofThisSystem(below: $0) == policy) }
    }

    @Test("what cannot be found out is no")
    func unknown() throws {
        // A file where a folder belongs: neither mark can be looked for.
        try Self.below(["usr/lib/lifeboot"]) { #expect(LocalImagePolicy.ofThisSystem(below: $0) == .refuse) }
        try Self.below(["etc"]) { #expect(LocalImagePolicy.ofThisSystem(below: $0) == .refuse) }
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
