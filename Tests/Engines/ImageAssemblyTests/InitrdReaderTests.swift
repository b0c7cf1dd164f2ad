import Foundation
import ImagePlanning
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageAssembly

private let hasTools = ["/usr/bin/cpio", "/usr/bin/zstd", "/usr/bin/xz", "/usr/bin/gzip"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Initramfs", .enabled(if: hasTools))
struct InitrdReaderTests {
    /// A small initramfs `main.cpio` and one of microcode, `early.cpio`.
    private static let parts = """
        mkdir -p m/usr/sbin m/usr/lib/lifeboot/keys m/usr/lib/modules/6.1-2/kernel e/kernel/x86
        cd m; ln -s usr/sbin sbin; ln -s usr/lib/lifeboot/lifeboot-init init; echo agent > usr/lib/lifeboot/lifeboot-init
        echo fsck > usr/sbin/e2fsck; echo key > usr/lib/lifeboot/keys/a.pem; head -c 900000 /dev/urandom > usr/lib/big
        echo kernel/fs/ext4/ext4.ko > usr/lib/modules/6.1-2/modules.builtin; mknod console c 5 1 2>/dev/null || mkfifo console
        echo x > usr/lib/modules/6.1-2/kernel/dm-verity.ko; cp usr/sbin/e2fsck usr/lib/again
        find . -mindepth 1 | sort | cpio -o -H newc --quiet > ../main.cpio; cd ../e; echo code > kernel/x86/microcode
        find . -mindepth 1 | sort | cpio -o -H newc --quiet > ../early.cpio; cd ..
        """

    private func read(_ script: String) throws -> InitrdFinding {
        let yard = try ContainerYard()
        try yard.run("\(Self.parts); \(script)")
        return try InitrdReader.read(yard.file("initrd"))
    }

    private func expectWhole(_ finding: InitrdFinding) throws {
        guard case .read(let content) = finding else { return #expect(Bool(false), "\(finding)") }
        #expect(content.tree.follow("init") == .found("usr/lib/lifeboot/lifeboot-init", .file(architecture: nil)))
        #expect(content.tree.hasFile("sbin/e2fsck") && content.tree.nodes["console"] == .other)
        #expect(content.texts["usr/lib/lifeboot/keys/a.pem"] == Array("key\n".utf8))
        #expect(content.moduleVersions == [KernelVersion("6.1-2")] && content.moduleNames == ["dm_verity"])
        #expect(content.builtins == ["ext4"] && content.texts["usr/lib/big"] == nil)
    }

    @Test(
        "every compression is read",
        arguments: ["cat", "gzip -n", "zstd -q -19", "zstd -q", "xz --check=crc32", "lz4 -q -l", "bzip2", "lzma"])
    func compressions(_ compressor: String) throws {
        let program = compressor.split(separator: " ").first.map(String.init) ?? ""
        let places = ["/usr/bin/", "/bin/"].map { $0 + program }
        guard places.contains(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return }
        try expectWhole(read("\(compressor) < main.cpio > initrd"))
    }

    @Test(
        "archives behind each other are read, plain or compressed, with padding between and behind",
        arguments: [
            "zstd -q < main.cpio > z; cat early.cpio z > initrd",
            "gzip -n < main.cpio > z; cat early.cpio early.cpio z > initrd",
            "zstd -q < main.cpio > z; (cat early.cpio; head -c 4096 /dev/zero; cat z) > initrd",
            "gzip -n < main.cpio > z; (cat z; head -c 500 /dev/zero) > initrd",
            "zstd -q < main.cpio > z; (cat z; head -c 500 /dev/zero) > initrd",
            "gzip -n < early.cpio > g; zstd -q < main.cpio > z; cat g z > initrd",
            "zstd -q < main.cpio > z; gzip -n < early.cpio > g; cat z g early.cpio > initrd",
            "(cat main.cpio; echo something else) > initrd",
            "gzip -n < main.cpio > z; (cat z; echo SIGNATURE) > initrd",
        ])
    func segments(_ script: String) throws {
        try expectWhole(read(script))
    }

    @Test("the last file of a path counts")
    func later() throws {
        let finding = try read(
            """
            mkdir -p l/usr/lib/lifeboot/keys; cd l; echo other > usr/lib/lifeboot/keys/a.pem; echo more > usr/lib/lifeboot/keys/b.pub
            find . -mindepth 1 | cpio -o -H newc --quiet > ../late.cpio; cd ..; zstd -q < main.cpio > z
            zstd -q < late.cpio > l.z; cat z l.z > initrd
            """)
        guard case .read(let content) = finding else { return #expect(Bool(false), "\(finding)") }
        #expect(content.texts["usr/lib/lifeboot/keys/a.pem"] == Array("other\n".utf8))
        #expect(content.texts["usr/lib/lifeboot/keys/b.pub"] == Array("more\n".utf8))
    }

    @Test(
        "one that is cut off is damaged",
        arguments: [
            "head -c 100000 main.cpio > initrd", "gzip -n < main.cpio | head -c 300000 > initrd",
            "zstd -q < main.cpio | head -c 300000 > initrd", ": > initrd",
        ])
    func damaged(_ script: String) throws {
        let finding = try read(script)
        guard case .damaged = finding else { return #expect(Bool(false), "\(finding)") }
    }

    @Test(
        "what is no initramfs that can be read here is not called damaged, nor whole",
        arguments: [
            "echo initrd > initrd", "head -c 90000 /dev/urandom > r; (printf x; cat r) > initrd",
            "for n in $(seq 100); do printf 070701initrd; done > initrd", "(cat early.cpio; echo something) > initrd",
            "printf '\\211LZO\\000\\r\\n\\032\\n' > initrd", "cp main.cpio x; gzip -n < x | head -c 12 > initrd",
        ])
    func unread(_ script: String) throws {
        let finding = try read(script)
        guard case .unreadable = finding else { return #expect(Bool(false), "\(finding)") }
    }

    @Test("a private key in it is seen wherever it lies")
    func privateKey() throws {
        let finding = try read(
            "echo secret > m/usr/lib/x.key; cd m; find . -mindepth 1 | cpio -o -H newc --quiet | gzip -n > ../initrd")
        guard case .read(let content) = finding else { return #expect(Bool(false), "\(finding)") }
        #expect(content.texts["usr/lib/x.key"] == Array("secret\n".utf8))
    }

    @Test("whoever wants to stop is heard")
    func cancelled() throws {
        struct Stopped: Error {}
        let yard = try ContainerYard()
        try yard.run("\(Self.parts); zstd -q < main.cpio > initrd")
        #expect(throws: Stopped.self) { try InitrdReader.read(yard.file("initrd")) { throw Stopped() } }
    }
}
