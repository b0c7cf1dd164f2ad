import Foundation
import ImageModel
import ImagePlanning
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import ImageBuilding

private let hasTools = ["/usr/bin/cpio", "/usr/bin/zstd", "/usr/bin/python3"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

/// Owns a folder with a root filesystem in which nothing is wrong.
private final class Yard {
    let path = FileManager.default.temporaryDirectory.appending(path: "lint-\(UUID().uuidString)").path()

    init(_ change: String = "") throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = try ImageKeys.generate(in: FilePath(path).appending("keys"))
        try run(
            """
            \(Self.initrd)
            mkdir -p root/boot root/usr/sbin root/usr/bin root/etc/systemd/system/a.target.wants root/usr/lib/systemd/system
            mkdir -p root/usr/lib/modules/6.1-2 root/usr/lib/lifeboot/keys; cd root; ln -s usr/sbin sbin
            cp /bin/true usr/lib/systemd/systemd; ln -s ../lib/systemd/systemd usr/sbin/init; cp /bin/true usr/bin/lifeboot
            cp /bin/true usr/lib/lifeboot/lifeboot-init; cp ../keys/lifeboot.pub usr/lib/lifeboot/keys/a.pem
            printf 'ID=test\\nVERSION_ID=7\\n' > etc/os-release
            for unit in mark-good history; do
                : > usr/lib/systemd/system/lifeboot-$unit.service
                ln -s /usr/lib/systemd/system/lifeboot-$unit.service etc/systemd/system/a.target.wants/
            done
            python3 -c "
            b = bytearray(4096); b[0x1fe:0x200] = bytes([0x55, 0xaa]); b[0x202:0x206] = b'HdrS'; b[0x20e:0x210] = (0x400).to_bytes(2, 'little')
            v = b'6.1-2 (maker)\\0'; b[0x600:0x600 + len(v)] = v
            open('boot/vmlinuz-6.1-2', 'wb').write(b)"
            cp ../initrd boot/initrd.img-6.1-2
            \(change)
            """)
    }

    /// What dracut would make, as far as it is asked about.
    private static let initrd = """
        mkdir -p i/usr/sbin i/usr/lib/lifeboot/keys i/usr/lib/systemd/system/initrd-root-fs.target.requires; cd i
        : > usr/lib/lifeboot/lifeboot-init; : > usr/sbin/e2fsck; : > usr/lib/systemd/system/lifeboot-init.service
        ln -s ../lifeboot-init.service usr/lib/systemd/system/initrd-root-fs.target.requires/; : > init
        cp ../keys/lifeboot.pub usr/lib/lifeboot/keys/a.pem; : > usr/lib/lifeboot/allow-local-images
        find . -mindepth 1 | cpio -o -H newc --quiet | zstd -q > ../initrd; cd ..
        """

    func run(_ script: String) throws {
        try ChildProcess.run(
            "/bin/sh", ["-ec", script], directory: FilePath(path), output: .capture(atMost: 1 << 20),
            timeout: .seconds(60)
        ).requireSuccess()
    }

    func file(_ name: String) -> FilePath { FilePath(path).appending(name) }

    func findings(_ subject: String = "root", _ change: (inout LintRequest) -> Void = { _ in }) throws -> [String] {
        var request = LintRequest(.file(.init(file(subject))))
        request.signer = try ImageKeys.publicKey(file("keys/lifeboot.pub"))
        change(&request)
        return try ImageLinter.findings(request).map(\.name)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Image linter", .enabled(if: hasTools))
struct ImageLinterTests {
    @Test("nothing is found in a folder, an archive and an image in which nothing is wrong")
    func good() throws {
        let yard = try Yard()
        try yard.run("tar -C root -cf root.tar .")
        #expect(try yard.findings() == [])
        #expect(try yard.findings("root.tar") == [])
        let now = try #require(UTCTime(seconds: 1_700_000_000))
        _ = try ImageBuilder.build(
            ImageRequest(rootfs: yard.file("root"), output: yard.file("image"), now: now),
            key: ImageKeys.signingKey(yard.file("keys/lifeboot.key")))
        #expect(try yard.findings("image") == [])
        #expect(try yard.findings { $0.subject = .imageDirectory(yard.file("image")) } == [])
        #expect(try yard.findings("image") { $0.kernelArguments = ["lifeboot.disable"] } == ["kernel-arguments"])
    }

    @Test(
        "a mistake is found by the same name in a folder and in an archive",
        arguments: [
            ("rm boot/initrd*", "boot-files"), ("rm etc/os-release", "os-release"),
            ("rm usr/sbin/init usr/lib/systemd/systemd", "first-process"),
            ("rm etc/systemd/system/a.target.wants/lifeboot-mark-good.service", "mark-good"),
            ("mv usr/lib/modules/6.1-2 usr/lib/modules/6.1-3", "modules"),
            ("head -c 60 ../initrd > boot/initrd.img-6.1-2", "initrd"),
            ("cp ../keys/lifeboot.key usr/lib/lifeboot/keys/k.key", "private-key"),
        ])
    func mistakes(change: String, check: String) throws {
        let yard = try Yard(change)
        try yard.run("tar -C root -cf root.tar .")
        for subject in ["root", "root.tar"] {
            let findings = try yard.findings(subject)
            #expect(findings.contains { $0.hasPrefix(check) }, "\(findings)")
        }
    }

    @Test("an initramfs without the key that signs is found, and not asked about when nobody signs")
    func keys() throws {
        let yard = try Yard()
        try yard.run(
            "openssl ecparam -genkey -name prime256v1 -noout -out k; openssl ec -in k -pubout -out other.pub 2>/dev/null"
        )
        #expect(try yard.findings { $0.signer = try? ImageKeys.publicKey(yard.file("other.pub")) } == ["signing-key"])
        #expect(try yard.findings { $0.signer = nil } == [])
    }

    @Test("what cannot be looked at is no verdict, and nothing is left behind")
    func missing() throws {
        let yard = try Yard()
        try yard.run("mkdir scratch")
        let scratch = yard.file("scratch")
        #expect(throws: (any Error).self) { try yard.findings("nothing") { $0.scratch = scratch } }
        #expect(throws: (any Error).self) { try yard.findings("keys/lifeboot.key") { $0.scratch = scratch } }
        #expect(try yard.findings { $0.scratch = scratch } == [])
        #expect(try Folders.names(of: scratch) == [])
    }
}
