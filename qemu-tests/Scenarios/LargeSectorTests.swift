import Foundation
import ImageModel
import JSONText
import Testing

@Suite("Disks with sectors of 4,096 bytes", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct LargeSectorTests {
    @Test("are made, boot under UEFI, grow, count attempts, and are installed on")
    func everything() async throws {
        try await withScratchDirectory { scratch in
            var disk = try await Self.made(in: scratch)
            disk.sectorSize = 4096
            var target = try DiskImage(empty: "\(scratch)/target.raw", size: 1_600 << 20)
            target.sectorSize = 4096
            try await withGuest(GuestConfiguration(firmware: .uefi, disks: [disk, target])) { guest in
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.status().problems == [])
                #expect(try await guest.output(of: "cat /sys/block/vda/queue/logical_block_size") == "4096")
                try await guest.output(
                    of: "systemctl start lifeboot-grow.service", within: .seconds(120))
                #expect(try await guest.output(of: "lifeboot grow").contains("takes up its disk"))
                // One sector of boot.env, written by Linux, then by GRUB.
                try await guest.output(of: "lifeboot switch passive --once")
                try await guest.restartHealthy(role: .passive)
                #expect(try await guest.output(of: "cat /proc/cmdline").contains("lifeboot.tries=2"))
                #expect(try await guest.status().json["nextBoot"]?["role"]?.text == "active")
                let sizes = "boot=272M,oem=32M,recovery=350M,state=500M,persistent=rest"
                let steps = try await guest.steps(
                    of: "lifeboot install --sizes \(sizes) --json /dev/vdb", within: InstallTests.limit)
                #expect(steps.contains("write-table") && steps.last == "run-hooks")
                try await guest.shutDown()
            }
            try await withGuest(GuestConfiguration(firmware: .uefi, disks: [target])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await InstallTests.expectInstalled(guest)
            }
        }
    }

    /// A disk of boatyard's with two images, larger than its table.
    private static func made(in scratch: String) async throws -> DiskImage {
        let system = try await InstalledSystem.build()
        let path = "\(scratch)/disk.raw"
        try await HostCommand.run(
            InstalledSystem.boatyard,
            [
                "disk", "--sector-size", "4096", "--image", system.image(2), "--passive", system.image(1),
                "--recovery", system.image(1), "--boot-size", "272M", "--state-size", "700M", "--recovery-size", "350M",
                "--oem-size", "32M", "--size", "1600M", "--grub-config",
                URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../grub/grub.cfg",
                "--output", path,
            ], within: .seconds(300))
        try await HostCommand.run("truncate", ["-s", "+200M", path])
        return DiskImage(raw: path)
    }
}
