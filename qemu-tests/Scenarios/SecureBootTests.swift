import Foundation
import GrubEnvironment
import ImageModel
import Testing

/// Machines whose firmware starts only what keys of Microsoft have signed.
@Suite("Secure Boot", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct SecureBootTests {
    private static let loader = "/EFI/BOOT/BOOTX64.EFI"

    @Test(
        "starts the disk; a tampered kernel is refused and passive starts; a tampered loader is refused by the firmware"
    )
    func disk() async throws {
        let system = try await InstalledSystem.build(.signed)
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            try await withGuest(Self.configuration(disk)) { guest in
                try await guest.waitForHealthy(role: .active)
                try await Self.expectSecureBoot(guest)
                let grub = try await guest.output(of: "journalctl --output=cat --unit=lifeboot-grub.service")
                #expect(grub.contains("up to date"), "\(grub)")
                try await guest.shutDown()
            }
            try await disk.edit { disk in
                try await disk.changeImageFile("vmlinuz", of: .active) { Self.tampered($0) }
            }
            try await withGuest(Self.configuration(disk)) { guest in
                try await guest.waitForHealthy(role: .passive)
                try await Self.expectSecureBoot(guest)
                #expect(guest.console.text.contains("bad shim signature") && guest.starts(of: .active) == 0)
                #expect(!guest.console.text.contains("ress any key"))
                #expect(try await guest.status().reason == "fallback")
                try await guest.shutDown()
            }
            try await disk.edit { disk in
                let loader = try await disk.bootFile(Self.loader)
                try await disk.setBootFile(Self.loader, to: Self.tampered(loader))
            }
            try await withGuest(Self.configuration(disk)) { guest in
                try await guest.console.wait(for: "Access Denied", within: .seconds(120))
                #expect(!guest.console.text.contains("lifeboot: booting"))
            }
        }
    }

    @Test("starts recovery when the kernels of active and passive were tampered with, and counts both attempts")
    func recovery() async throws {
        let system = try await InstalledSystem.build(.signed)
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                for role in [Role.active, .passive] {
                    try await disk.changeImageFile("vmlinuz", of: role) { Self.tampered($0) }
                }
            }
            try await withGuest(Self.configuration(disk)) { guest in
                try await guest.waitForBoot(role: .recovery)
                try await Self.expectSecureBoot(guest)
                #expect(guest.starts(of: .active) == 0 && guest.starts(of: .passive) == 0)
                try await guest.shutDown()
            }
            let environment = try await disk.edit { try await $0.bootEnvironment() }
            #expect(environment.tries(of: .active) == 2 && environment.tries(of: .passive) == 2)
        }
    }

    @Test("starts the medium as a disc and as a stick; a tampered kernel is refused and the next image starts")
    func medium() async throws {
        let system = try await InstalledSystem.build(.signed)
        try await withScratchDirectory { scratch in
            var configuration = GuestConfiguration(firmware: .uefi, hasSecureBoot: true, disc: system.medium)
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                try await Self.expectSecureBoot(guest)
                #expect(try await guest.output(of: "cat /run/lifeboot/medium-disk") == "/dev/sr0")
                try await guest.shutDown()
            }
            let copy = "\(scratch)/tampered.iso"
            try await HostCommand.run("cp", [system.medium, copy])
            try await Self.tamper(with: "vmlinuz", of: system.image(2), in: copy)
            configuration = GuestConfiguration(firmware: .uefi, hasSecureBoot: true, disks: [DiskImage(raw: copy)])
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                try await Self.expectSecureBoot(guest)
                #expect(guest.console.text.contains("bad shim signature"))
                let other = try await HostCommand.run("sha256sum", ["\(system.image(1))/manifest.json"]).prefix(16)
                #expect(try await guest.output(of: "cat /proc/cmdline").contains("lifeboot.image=\(other)"))
            }
        }
    }

    @Test("starts a disk whose loader of our own was replaced by the pair, by a system that runs on it")
    func upgraded() async throws {
        let system = try await InstalledSystem.build(.signed)
        try await withScratchDirectory { scratch in
            let root = "\(system.image(2))/root.squashfs"
            let script = "unsquashfs -cat \"$1\" usr/lib/lifeboot/grub/BOOTX64.EFI >\"$2/own.efi\""
            try await HostCommand.run("sh", ["-ec", script, "sh", root, scratch])
            let own = Array(FileManager.default.contents(atPath: "\(scratch)/own.efi") ?? Data())
            let disk = try await system.disk(in: scratch) { disk in
                let volume = "\(disk.path)@@\(try await disk.partition("boot").offset)"
                try await disk.setBootFile(Self.loader, to: own)
                try await HostCommand.run("mdel", ["-i", volume, "::/EFI/BOOT/grubx64.efi", "::/EFI/BOOT/mmx64.efi"])
                try await HostCommand.run("mdeltree", ["-i", volume, "::/EFI/debian"])
            }
            try await withGuest(Self.configuration(disk)) { guest in
                try await guest.console.wait(for: "Access Denied", within: .seconds(120))
            }
            try await withGuest(GuestConfiguration(firmware: .uefi, disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .active)
                let output = try await guest.output(of: "journalctl --output=cat --unit=lifeboot-grub.service")
                #expect(output.contains("what firmware starts"), "\(output)")
                #expect(try await guest.output(of: "lifeboot grub").contains("up to date"))
                try await guest.shutDown()
            }
            try await withGuest(Self.configuration(disk)) { guest in
                try await guest.waitForHealthy(role: .active)
                try await Self.expectSecureBoot(guest)
            }
        }
    }

    private static func configuration(_ disk: DiskImage) -> GuestConfiguration {
        GuestConfiguration(firmware: .uefi, hasSecureBoot: true, disks: [disk])
    }

    /// A byte in the middle turned round.
    private static func tampered(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[bytes.count / 2] ^= 0xFF
        return bytes
    }

    /// Turns a byte of an image's file round where that lies on a medium.
    private static func tamper(with file: String, of image: String, in medium: String) async throws {
        let id = try await HostCommand.run("sha256sum", ["\(image)/manifest.json"]).prefix(16)
        let report = try await HostCommand.run(
            "xorriso", ["-no_rc", "-indev", medium, "-find", "/images/\(id)/\(file)", "-exec", "report_lba", "--"])
        // "File data lba:  0 ,  SECTOR ,  SECTORS ,  BYTES , 'PATH'"
        let fields = report.split(separator: "\n").last { $0.contains("\(id)/\(file)") }?.split(separator: ",") ?? []
        guard fields.count == 5, let sector = UInt64(fields[1].trimmingCharacters(in: .whitespaces)),
            let size = UInt64(fields[3].trimmingCharacters(in: .whitespaces))
        else { throw MachineError("find \(file) on \(medium)", report) }
        let editor = DiskEditor(path: medium)
        let place = sector * 2048 + size / 2
        try editor.write(try editor.bytes(at: place, count: 1).map { $0 ^ 0xFF }, at: place)
    }

    /// The firmware says that it verifies, and the kernel believes it.
    private static func expectSecureBoot(_ guest: Guest) async throws {
        let variables = "/sys/firmware/efi/efivars"
        _ = try await guest.run("modprobe efivarfs; mountpoint -q \(variables) || mount -t efivarfs none \(variables)")
        let variable = "\(variables)/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
        #expect(try await guest.output(of: "od -An -tu1 -j4 \(variable)") == "1")
        #expect(try await guest.output(of: "dmesg").contains("Secure boot enabled"))
    }
}
