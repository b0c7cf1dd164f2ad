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
            ("usr/lib/modules/6.1/Image", .regular, .kernel(KernelVersion("6.1"))),
            (".dockerenv", .regular, .drop), ("run/systemd/container", .regular, .drop),
            ("boot/vmlinuz-6.1-x86_64", .regular, .kernel(KernelVersion("6.1-x86_64"))),
            ("boot/vmlinuz-6.1.fc39.x86_64", .regular, .kernel(KernelVersion("6.1.fc39.x86_64"))),
            ("etc/passwd", .regular, .keep), ("", .other, .keep),
        ] as [(String, RootfsRules.Kind, RootfsRules.Action)])
    func fates(path: String, kind: RootfsRules.Kind, action: RootfsRules.Action) {
        #expect(RootfsRules.action(path: path, kind: kind) == action)
    }

    @Test(
        "copies, compressed ones, signatures and what package managers put aside are neither kernel nor initrd",
        arguments: [
            "vmlinux-6.1.gz", "vmlinux-6.1.xz", "vmlinuz-6.1.old", "vmlinuz-6.1.bak", "vmlinuz-6.1.efi.signed",
            "vmlinuz-6.1.dpkg-tmp", "vmlinuz-6.1.dpkg-new", "vmlinuz-6.1.sig", "vmlinuz-6.1.hmac", "vmlinuz-6.1~",
            "vmlinuz-6.1;5f3e", "vmlinux-6.1.debug", "initrd.img-6.1.old-dkms", "initrd.img-6.1.bak",
            "initramfs-6.1.img.tmp",
        ])
    func lookalikes(name: String) {
        #expect(RootfsRules.action(path: "boot/\(name)", kind: .regular) == .drop)
    }

    @Test("the first process is found through links, and one that leads nowhere is none")
    func firstProcess() {
        var tree = TreeIndex()
        tree.add(.link("usr/sbin"), at: "sbin")
        tree.add(.link("../lib/systemd/systemd"), at: "usr/sbin/init")
        #expect(RootfsRules.firstProcess(in: tree) == nil)
        tree.add(.file(architecture: "arm64"), at: "usr/lib/systemd/systemd")
        #expect(RootfsRules.firstProcess(in: tree).flatMap { tree.architecture(of: $0) } == "arm64")
        // Where nobody looked nobody knows.
        tree.add(.link("/nix/store/x/init"), at: "usr/sbin/init")
        #expect(RootfsRules.firstProcess(in: tree) == "sbin/init")
    }

    @Test("keys are PEM files and public keys in the two folders, not below them")
    func keys() {
        #expect(RootfsRules.isKey(path: "etc/lifeboot/keys/site.pub"))
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
