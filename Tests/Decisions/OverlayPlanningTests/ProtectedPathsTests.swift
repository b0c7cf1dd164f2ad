import Testing

@testable import OverlayPlanning

@Suite("Protected paths")
struct ProtectedPathsTests {
    private static let roots = FolderAttributes()

    @Test(
        "nothing may lie at or in a protected path, nor hide it from above",
        arguments: [
            ("/usr/lib/lifeboot/keys/x.pem", .file, "keys, the mark"), ("/usr/lib/lifeboot", .link, "keys, the mark"),
            ("/usr/lib/lifeboot/sealed", .whiteout, "keys, the mark"), ("/usr/lib", .whiteout, "keys, the mark"),
            ("/usr", .opaqueFolder(roots), "keys, the mark"), ("/etc", .link, "keys, policy"),
            ("/etc/lifeboot/config.yaml", .file, "keys, policy"), ("/usr/bin/lifeboot", .file, "the agent"),
            ("/usr/bin", .opaqueFolder(roots), "the agent"), ("/usr/lib/os-release", .file, "it says which system"),
            ("/etc/os-release", .link, "it says which system"), ("/etc/machine-id", .file, "it is this machine's"),
            ("/etc/systemd/system/lifeboot-mark-good.service", .link, "these units"),
            ("/usr/lib/systemd/system/lifeboot-grow.service.d/x.conf", .file, "these units"),
            ("/etc/systemd/system", .whiteout, "these units"),
            ("/usr/lib/lifeboot", .opaqueFolder(roots), "keys, the mark"),
        ] as [(String, OverlayNode.Kind, String)])
    func refused(path: String, kind: OverlayNode.Kind, reason: String) throws {
        let refusal = try #require(ProtectedPaths.refusal(of: OverlayNode(path, kind)))
        #expect(refusal.hasPrefix(reason))
    }

    @Test(
        "what lies beside them may be there, and so may plain folders of root on the way",
        arguments: [
            ("/usr/lib", .folder(roots)), ("/usr/lib/lifeboot", .folder(roots)), ("/etc", .folder(roots)),
            ("/usr/lib/lifeboots", .file), ("/usr/bin/lifeboot2", .file), ("/etc/machine-info", .file),
            ("/etc/fstab", .file), ("/etc/systemd/system/life.service", .file), ("/opt", .opaqueFolder(roots)),
            ("/usr/share", .whiteout), ("/usr/share/x", .folder(FolderAttributes(owner: 1000))),
            ("/usr/lib/systemd/system", .folder(FolderAttributes(permissions: 0o775))),
        ] as [(String, OverlayNode.Kind)])
    func allowed(path: String, kind: OverlayNode.Kind) {
        #expect(ProtectedPaths.refusal(of: OverlayNode(path, kind)) == nil)
    }

    @Test(
        "a folder on the way must be root's alone, since the image's folder gets its attributes",
        arguments: [
            ("/usr", FolderAttributes(owner: 1000, group: 1000), "0755 1000:1000"),
            ("/etc", FolderAttributes(permissions: 0o1777), "1777 0:0"),
            ("/usr/lib/lifeboot/keys", FolderAttributes(permissions: 0o775, group: 50), "0775 0:50"),
        ])
    func attributes(path: String, attributes: FolderAttributes, words: String) {
        let refusal = ProtectedPaths.refusal(of: OverlayNode(path, .folder(attributes)))
        #expect(refusal?.contains("others than root could change it (\(words))") == true)
    }

    @Test("what a boot looks at covers every protected path and each folder on the way")
    func probes() {
        #expect(
            ProtectedPaths.probes == [
                "/usr", "/usr/lib", "/usr/lib/lifeboot", "/etc", "/etc/lifeboot", "/usr/bin", "/usr/bin/lifeboot",
                "/usr/lib/systemd", "/usr/lib/systemd/system", "/etc/systemd", "/etc/systemd/system",
                "/usr/lib/os-release",
                "/etc/os-release", "/etc/machine-id",
            ])
        #expect(ProtectedPaths.probedFolders == ["/usr/lib/systemd/system", "/etc/systemd/system"])
    }
}
