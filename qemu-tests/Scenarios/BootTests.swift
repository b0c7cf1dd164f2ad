import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

@Suite("A boot", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct BootTests {
    @Test(
        "active runs, verified and read-only, and is good once healthy", arguments: GuestConfiguration.Firmware.allCases
    )
    func active(firmware: GuestConfiguration.Firmware) async throws {
        try await withSystem(firmware: firmware) { guest, disk in
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "findmnt -no SOURCE,FSTYPE /") == "/dev/mapper/lifeboot-root squashfs")
            #expect(try await guest.output(of: "findmnt -no OPTIONS /").hasPrefix("ro,"))
            #expect(try await guest.run("touch /usr/bin/x").status != 0)
            #expect(
                try await guest.output(of: "dmsetup table lifeboot-root || cat /sys/block/dm-0/dm/uuid").contains(
                    "verity", ignoringCase: true))
            try await Self.checkReport(guest)
            #expect(try await guest.run("lifeboot selftest").status == 0)
            let status = try await guest.status()
            #expect(status.role == "active" && status.reason == "default")
            #expect(status.problems == [])
            #expect(status.of(.active)?["state"]?.text == "good")
            #expect(status.of(.active)?["tries"]?.integer == 3)
            #expect(status.boots == ["active healthy"])
            try await Self.checkQuiet(guest)
            try await guest.shutDown()
            let environment = try await disk.edit { try await $0.bootEnvironment() }
            #expect(environment.activeState == .good && environment.tries(of: .active) == 3)
        }
    }

    /// A boot says one line; what looks at the machine makes the kernel say nothing, and the journal knows what runs.
    private static func checkQuiet(_ guest: Guest) async throws {
        #expect(guest.console.count(of: "lifeboot: starting test 2 (active, attempt 1 of 3)") == 1)
        let lines = { try await guest.output(of: "dmesg | wc -l") }
        let before = try await lines()
        _ = try await guest.output(of: "lifeboot status && lifeboot status --json && lifeboot boot-env show")
        #expect(try await lines() == before)
        // The id of a healthy boot.
        let fields = "MESSAGE_ID=1d17ff4f12d84e3aab673939a0cb39d7 -o export | grep -a ^LIFEBOOT_ROLE="
        let told = try await guest.output(of: "journalctl -b \(fields)")
        #expect(told == "LIFEBOOT_ROLE=active", "\(told)")
        let prompt = "PS1='me# '; . /etc/profile.d/lifeboot-prompt.sh; echo \"$PS1\""
        #expect(try await guest.output(of: prompt) == "me#")
    }

    /// Every required step is in the report, done, with its time.
    ///
    /// - Parameter timed: the parts of the boot of which somebody says how long they took.
    static func checkReport(_ guest: Guest, timed: Set<String> = ["kernel", "initramfs", "system"]) async throws {
        let report = try await guest.json(of: "cat /run/lifeboot/boot.json")
        let steps = report["steps"]?.elements ?? []
        let kinds = Set(steps.compactMap { $0["step"]?.text })
        #expect(
            kinds.isSuperset(of: [
                "find-boot-partition", "mount-image-partition", "check-boot-environment", "verify-manifest",
                "attach-image", "activate-verity", "mount-root", "mount-oem", "overlay-path", "mark-mounts",
            ]))
        #expect(steps.allSatisfy { ["done", "noted"].contains($0["outcome"]?.text) })
        #expect(steps.allSatisfy { ($0["microseconds"]?.integer ?? -1) >= 0 })
        #expect(report["failure"] == .null)
        try await checkTimes(guest, timed)
    }

    /// What can be known of the time of the boot is: all but firmware and GRUB, which QEMU's firmware does not measure.
    private static func checkTimes(_ guest: Guest, _ timed: Set<String>) async throws {
        let times = try await guest.json(of: "lifeboot boot-times --json --svg /run/boot.svg")
        let parts = times["parts"]?.elements ?? []
        #expect(parts.compactMap { $0["name"]?.text } == ["firmware", "loader", "kernel", "initramfs", "system"])
        let told = parts.filter { ($0["microseconds"]?.integer ?? 0) > 0 }.compactMap { $0["name"]?.text }
        #expect(Set(told) == timed, "\(times)")
        #expect(parts.allSatisfy { told.contains($0["name"]?.text ?? "") || $0["remark"]?.text != nil }, "\(times)")
        let names = parts.dropFirst(3).first?["parts"]?.elements?.compactMap { $0["name"]?.text } ?? []
        #expect(Set(names).isSuperset(of: ["root", "configuration", "state", "handoff"]), "\(names)")
        #expect(times["problems"] == .array([]) && times["finished"] == .bool(true))
        #expect(try await guest.output(of: "tail -n 1 /run/boot.svg") == "</svg>")
    }

    @Test("the same system boots with dracut without systemd")
    func plainDracut() async throws {
        try await withSystem(.plainDracut) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            #expect(guest.console.text.contains("dracut: Mounted root filesystem /dev/mapper/lifeboot-root"))
            // Its init is a script that tells nobody when it began.
            try await Self.checkReport(guest, timed: ["system"])
        }
    }

    @Test("a change below /etc is gone after a reboot, persistent paths stay")
    func persistence() async throws {
        let layout = """
            ephemeral:
              paths: [/etc, /var, /root]
            persistent:
              paths: [/home, /etc/kept]
            """
        try await withSystem(change: { disk in
            try await disk.setFile("/layout.yaml", on: "oem", to: Array(layout.utf8))
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            let machineID = try await guest.output(of: "cat /etc/machine-id")
            try await guest.output(of: "echo 1 >/etc/gone; echo 2 >/home/kept; echo 3 >/etc/kept/file; sync")
            #expect(try await guest.run("touch /srv/x").status != 0)
            try await guest.restart()
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.run("cat /etc/gone").status != 0)
            #expect(try await guest.output(of: "cat /home/kept /etc/kept/file") == "2\n3")
            #expect(try await guest.output(of: "cat /etc/machine-id") == machineID)
        }
    }

    @Test(
        """
        a second disk with the same labels and newer images, attached first, is never used, and an optional volume \
        that is nowhere is reported
        """)
    func otherDisks() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let layout = "volumes:\n  - device: LABEL=ABSENT\n    path: /data\n    required: false\n"
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.setFile("/layout.yaml", on: "oem", to: Array(layout.utf8))
            }
            let own = try await disk.edit { try await $0.bootEnvironment().active }
            let disks = [try await system.otherDisk(in: scratch), disk]
            try await withGuest(GuestConfiguration(disks: disks, bootDisk: 1)) { guest in
                try await guest.waitForHealthy(role: .active)
                #expect(
                    try await guest.output(of: "cat /proc/cmdline").contains(
                        "lifeboot.image=\(own?.description ?? "?")"))
                for place in ["/run/lifeboot/state", "/run/lifeboot/persistent", "/oem"] {
                    #expect(try await guest.output(of: "findmnt -no SOURCE \(place)").hasPrefix("/dev/vdb"))
                }
                try await Self.checkMissingVolume(guest)
            }
        }
    }

    static func checkMissingVolume(_ guest: Guest) async throws {
        let steps = try await guest.json(of: "cat /run/lifeboot/boot.json")["steps"]?.elements ?? []
        let volume = steps.first { $0["step"]?.text == "mount-volume" }
        #expect(volume?["outcome"]?.text == "failed-optional")
        #expect(volume?["message"]?.text?.contains("LABEL=ABSENT") == true)
        #expect(try await guest.status().problems.contains { $0.contains("LABEL=ABSENT") })
    }
}

extension String {
    func contains(_ part: String, ignoringCase: Bool) -> Bool {
        ignoringCase ? lowercased().contains(part.lowercased()) : contains(part)
    }
}
