import InstalledSystem
import SystemPackage
import TestMachines
import Testing

@Suite("The files that stages are made of")
struct StageFilesTests {
    @Test("come in byte order of their names, folders in place, without those of other purposes")
    func order() throws {
        let root = try TestFolder()
        for name in [
            "oem/b.yaml", "oem/B.yml", "oem/10/z.yaml", "oem/.hidden.yaml", "oem/layout.yaml", "oem/lifeboot.yaml",
            "oem/note.txt", "oem/overlays/10-x/a.yaml",
        ] { try root.write("", to: name) }
        #expect(
            StageFiles.below("/oem", in: root.path)
                == ["/oem/.hidden.yaml", "/oem/10/z.yaml", "/oem/B.yml", "/oem/b.yaml"])
        #expect(StageFiles.below("/nowhere", in: root.path).isEmpty)
    }

    @Test(
        "name a stage when they might, and none for which nothing would have to be done",
        arguments: [
            ("stages: {boot: [{hostname: x}]}", ["initramfs"]), ("stages: {boot: []}", []), ("", []),
            ("stages: {rootfs.before: []}", ["rootfs"]), ("stages: {pre-rootfs: []}", ["pre-rootfs", "rootfs"]),
            ("#cloud-config\nfqdn: x", ["initramfs"]), (#"stages: {"\x72ootfs": []}"#, ["initramfs", "rootfs"]),
            (#"stages: {boot: [{commands: ["a\\n"]}]}"#, []),
        ])
    func named(text: String, stages: [String]) throws {
        let root = try TestFolder()
        try root.write(text, to: "system/oem/deep/1.yaml")
        let asked = text.hasPrefix("stages: {pre-") ? ["pre-rootfs", "rootfs"] : ["rootfs", "initramfs"]
        #expect(StageFiles.named(asked, in: root.path) == Set(stages))
    }
}
