import Faults
import ImageModel
import Testing

@testable import ImagePlanning

@Suite("Root filesystem rules")
struct RootfsRulesTests {
    @Test(
        "each file has its fate",
        arguments: [
            ("boot", .other, .keep), ("boot/grub/grub.cfg", .regular, .drop), ("boot/config-6.1", .regular, .drop),
            ("boot/vmlinuz-6.1.0-9-amd64", .regular, .kernel(KernelVersion("6.1.0-9-amd64"))),
            ("boot/vmlinuz-6.1", .symbolicLink, .drop), ("boot/vmlinuz.old", .symbolicLink, .drop),
            ("boot/initrd.img-6.1", .regular, .initrd(KernelVersion("6.1"))),
            ("boot/initramfs-6.1.img", .regular, .initrd(KernelVersion("6.1"))),
            ("vmlinuz", .symbolicLink, .drop), ("initrd.img.old", .symbolicLink, .drop), ("vmlinuz", .regular, .keep),
            ("usr/lib/modules/6.1/vmlinuz", .regular, .kernel(KernelVersion("6.1"))),
            ("lib/modules/6.1/initrd", .regular, .initrd(KernelVersion("6.1"))),
            ("usr/lib/modules/6.1/vmlinuz", .symbolicLink, .drop),
            ("usr/lib/modules/6.1/modules.dep", .regular, .keep),
            ("usr/lib/modules/6.1/kernel/vmlinuz", .regular, .keep),
            ("etc/passwd", .regular, .keep), ("", .other, .keep),
        ] as [(String, RootfsRules.Kind, RootfsRules.Action)])
    func fates(path: String, kind: RootfsRules.Kind, action: RootfsRules.Action) {
        #expect(RootfsRules.action(path: path, kind: kind) == action)
    }

    @Test("keys are PEM files in the two folders, not below them")
    func keys() {
        #expect(RootfsRules.isKey(path: "usr/lib/lifeboot/keys/vendor.pem"))
        #expect(RootfsRules.isKey(path: "etc/lifeboot/keys/site.pem"))
        #expect(!RootfsRules.isKey(path: "etc/lifeboot/keys/old/site.pem"))
        #expect(!RootfsRules.isKey(path: "etc/lifeboot/keys/README"))
    }

    @Test(
        "kernel versions are ordered by number",
        arguments: [
            ("6.1.0-9-amd64", "6.1.0-44-amd64"), ("6.1", "6.1.1"), ("5.10", "6.1"), ("6.12-rc1", "6.12"),
            ("6.12-rc2", "6.12-rc10"), ("", "6"), ("6.1-amd64", "6.1-cloud"), ("6.09", "6.10"),
        ])
    func versions(older: String, newer: String) {
        #expect(KernelVersion(older) < KernelVersion(newer))
        #expect(!(KernelVersion(newer) < KernelVersion(older)))
    }

    @Test("os-release is read as its manual says")
    func osRelease() {
        let text = "# x\nID=debian\nNAME=\"Debian \\\"GNU\\\"\"\nbad line\nV='a\\b'\nID=later\nEMPTY=\n"
        let fields = OSReleaseText.fields(of: Array(text.utf8))
        #expect(fields.map(\.name) == ["NAME", "V", "ID", "EMPTY"])
        #expect(fields.map(\.value) == ["Debian \"GNU\"", "a\\b", "later", ""])
    }
}

@Suite("Choice of kernel and initrd")
struct BootFileChoiceTests {
    private func candidates(_ paths: String...) -> [BootFileChoice.Candidate] {
        paths.map { path in
            switch RootfsRules.action(path: path, kind: .regular) {
            case .kernel(let version), .initrd(let version): .init(version: version, path: path)
            default: .init(version: KernelVersion("?"), path: path)
            }
        }
    }

    @Test("the newest kernel and its initrd are taken, /boot before the modules' folder")
    func newest() throws {
        let choice = try BootFileChoice(
            kernels: candidates("boot/vmlinuz-6.1-9", "boot/vmlinuz-6.1-44", "usr/lib/modules/6.1-44/vmlinuz"),
            initrds: candidates("boot/initrd.img-6.1-9", "boot/initrd.img-6.1-44"))
        #expect(choice.kernel.path == "boot/vmlinuz-6.1-44")
        #expect(choice.initrd.path == "boot/initrd.img-6.1-44")
    }

    @Test("a version that is asked for is taken")
    func version() throws {
        let choice = try BootFileChoice(
            kernels: candidates("boot/vmlinuz-1", "boot/vmlinuz-2"), initrds: candidates("boot/initrd.img-1"),
            version: KernelVersion("1"))
        #expect(choice.kernel.path == "boot/vmlinuz-1")
    }

    @Test("no kernel, no initrd of its version, and two of one version are refused")
    func refuses() {
        #expect(throws: ImagePlanningError.self) { try BootFileChoice(kernels: [], initrds: []) }
        let error = #expect(throws: ImagePlanningError.self) {
            try BootFileChoice(
                kernels: candidates("boot/vmlinuz-2", "boot/vmlinuz-1"), initrds: candidates("boot/initrd.img-1"))
        }
        #expect(error?.description.contains("no initrd of version '2', only boot/initrd.img-1") == true)
        #expect(throws: ImagePlanningError.self) {
            try BootFileChoice(
                kernels: candidates("lib/modules/1/vmlinuz", "usr/lib/modules/1/vmlinuz"),
                initrds: candidates("boot/initrd.img-1"))
        }
    }
}
