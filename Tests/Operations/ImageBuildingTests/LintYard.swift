import Foundation
import ImageModel
import ImagePlanning
import LinuxSystem
import RegistryModel
import SystemPackage

@testable import ImageBuilding

/// Owns a folder with a root filesystem in which nothing is wrong.
final class LintYard {
    let path = FileManager.default.temporaryDirectory.appending(path: "lint-\(UUID().uuidString)").path()

    /// Makes it.
    ///
    /// - Parameters:
    ///   - change: shell commands in the root filesystem.
    ///   - inInitrd: shell commands in the tree of the initramfs.
    init(_ change: String = "", inInitrd: String = "") throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = try ImageKeys.generate(in: FilePath(path).appending("keys"))
        try run(
            """
            \(Self.initrd(inInitrd))
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
    private static func initrd(_ change: String) -> String {
        """
        mkdir -p i/usr/sbin i/usr/lib/lifeboot/keys i/usr/lib/systemd/system/initrd-root-fs.target.requires; cd i
        : > usr/lib/lifeboot/lifeboot-init; : > usr/sbin/e2fsck; : > usr/lib/systemd/system/lifeboot-init.service
        ln -s ../lifeboot-init.service usr/lib/systemd/system/initrd-root-fs.target.requires/; : > init
        cp ../keys/lifeboot.pub usr/lib/lifeboot/keys/a.pem; : > usr/lib/lifeboot/allow-local-images
        \(change)
        find . -mindepth 1 | cpio -o -H newc --quiet | zstd -q > ../initrd; cd ..
        """
    }

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
