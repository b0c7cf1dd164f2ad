import Foundation
import ImageModel
import JSONText
import Testing

@Suite("Trouble that a boot does not need", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct TroubleTests {
    @Test(
        """
        a dying disk and a copy of the system disk, both found first, neither hold up nor mislead a boot, which is good \
        afterwards, and the copy is named
        """)
    func otherDisks() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            let copy = try await DiskImage(
                copyingOnWrite: "\(system.directory)/disk.raw", at: "\(scratch)/copy.qcow2")
            let dying = try await system.otherDisk(in: scratch)
            var configuration = GuestConfiguration(disks: [dying, copy, disk], bootDisk: 2)
            (configuration.dyingDisks, configuration.serials) = ([0], ["dying", "copy", "system"])
            try await withGuest(configuration) { guest in
                try await guest.waitForHealthy(role: .active)
                // The kernel gives names as devices come, and one that does not answer holds up others.
                let own = try await Self.name(of: "system", guest)
                let other = try await Self.name(of: "copy", guest)
                for place in ["/run/lifeboot/state", "/run/lifeboot/persistent", "/oem"] {
                    #expect(try await guest.output(of: "findmnt -no SOURCE \(place)").hasPrefix(own))
                }
                let status = try await guest.status()
                #expect(status.of(.active)?["tries"]?.integer == 3)
                #expect(status.problems.contains { $0.hasPrefix("\(other)2 has the identity") }, "\(status.problems)")
                let steps = try await guest.json(of: "cat /run/lifeboot/boot.json")["steps"]?.elements ?? []
                let found = steps.first { $0["step"]?.text == "find-boot-partition" }
                // Without a word when this disk answered before the copy did: nobody waits for a copy.
                let doubt = found?["message"]?.text
                #expect(found?["outcome"]?.text == (doubt == nil ? "done" : "noted"))
                if let doubt { #expect(doubt.contains("GRUB started from \(own)2"), "\(doubt)") }
            }
        }
    }

    @Test(
        """
        keys that nobody meant, a persistent partition without its first blocks, and a file that makes systemd believe in a \
        container: the machine comes up with its data, and its boot is good
        """)
    func strays() async throws {
        let layout = "persistent: {paths: [/home], required: true}\n"
        try await withSystem(change: { disk in
            try await disk.setFile("/layout.yaml", on: "oem", to: Array(layout.utf8))
            try await disk.setFile("/precious", on: "persistent", to: Array("data".utf8))
            let place = try await disk.partition("persistent").offset
            try disk.write([UInt8](repeating: 0, count: 16 << 10), at: place)
        }) { guest, _ in
            try await Self.hammer(guest)
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "cat /run/lifeboot/persistent/precious") == "data")
            #expect(try await guest.output(of: "findmnt -no FSTYPE /home") == "overlay")
            // What an image would have as /.dockerenv, which its verified root cannot get.
            let judged = try await guest.output(
                of: """
                    touch /run/.containerenv && systemctl daemon-reexec && systemd-detect-virt --container
                    rm /run/lifeboot/healthy && systemctl restart lifeboot-mark-good
                    systemctl show -P ConditionResult lifeboot-mark-good && ls /run/lifeboot/healthy
                    """)
            #expect(judged.contains("podman") && judged.hasSuffix("yes\n/run/lifeboot/healthy"), "\(judged)")
        }
    }

    @Test(
        "group descriptors that a power cut tore are repaired when the kernel refuses them, and the data is there",
        .enabled(if: wantsEnduranceTests))
    func tornDescriptors() async throws {
        try await withSystem(change: { disk in
            try await disk.setFile("/precious", on: "persistent", to: Array("data".utf8))
            // The sum of the first group's descriptor, in the block behind the superblock's.
            let place = try await disk.partition("persistent").offset + 4096 + 0x1E
            try disk.write([0xFF, 0xFE], at: place)
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "cat /run/lifeboot/persistent/precious") == "data")
            #expect(try await guest.output(of: "dmesg").contains("refused it until e2fsck had looked at it"))
        }
    }

    /// What the kernel calls the disk with a serial number.
    private static func name(of serial: String, _ guest: Guest) async throws -> String {
        "/dev/" + (try await guest.output(of: "grep -lx \(serial) /sys/block/vd*/serial | cut -d/ -f4"))
    }

    /// Presses Esc and letters until GRUB's list is there and after that, as noise on a line does, and then no more.
    static func hammer(_ guest: Guest) async throws {
        let deadline = ContinuousClock.now + Guest.bootLimit
        while guest.console.count(of: "PRESS A SMALL LETTER") < 3, ContinuousClock.now < deadline {
            try await guest.press("p", "q", "esc", "down")
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(guest.console.count(of: "PRESS A SMALL LETTER") >= 3)
    }
}
