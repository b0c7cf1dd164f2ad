import GrubEnvironment
import ImageModel
import JSONText
import Testing

/// Disks of `boatyard disk --expandable`, which recovery completes on the machine.
@Suite("An expandable disk", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct ExpandableTests {
    private static let settings = "{recovery: 350M, state: 700M, persistent: rest, encrypt: false}\n"

    @Test(
        "completes itself on a larger disk and starts active, with identifiers of its own",
        arguments: wantsEnduranceTests ? GuestConfiguration.Firmware.allCases : [.bios])
    func completed(firmware: GuestConfiguration.Firmware) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.expandableDisk(in: scratch, settings: Self.settings, size: 4 << 30)
            let before = try await disk.edit { try await $0.identifiers() }
            try await withGuest(GuestConfiguration(firmware: firmware, disks: [disk])) { guest in
                try await guest.waitForBoot(role: .recovery)
                try await guest.waitForHealthy(role: .active, within: ResetTests.limit)
                #expect(guest.starts(of: .recovery) == 1)
                try await InstallTests.expectInstalled(guest)
                let sizes = try await guest.output(of: "lsblk -nbo PARTLABEL,SIZE /dev/vda | sed 's/ \\+/ /'")
                let persistent = (4 << 30) - (1 + 1 + 128 + 64 + 350 + 700 + 1) << 20
                #expect(sizes.contains("recovery \(350 << 20)") && sizes.contains("state \(700 << 20)"), "\(sizes)")
                #expect(sizes.contains("persistent \(persistent)"), "\(sizes)")
                let blocks = try await guest.output(of: "dumpe2fs -h /dev/vda4 2>/dev/null | grep '^Block count'")
                #expect(blocks.hasSuffix(" \((350 << 20) / 4096)"), "recovery's filesystem: \(blocks)")
                try await guest.shutDown()
            }
            try await disk.edit { disk in
                let after = try await disk.identifiers()
                #expect(after.count == 2 && Set(after).isDisjoint(with: before), "\(before) \(after)")
                let environment = try await disk.bootEnvironment()
                #expect(environment.pending == nil && environment.activeState == .good)
                #expect(environment.active == environment.recovery && environment.passive == nil)
                #expect(try await HostCommand.run("sfdisk", ["--verify", disk.path]).contains("No errors detected"))
            }
        }
    }

    @Test(
        "is completed by hand, encrypted by the key on OEM, and the same boot still finds its boot partition",
        .enabled(if: wantsEnduranceTests)
    )
    func byHand() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.expandableDisk(
                in: scratch, settings: "{encrypt: true}\n", oem: InstalledSystem.unattended, size: 4 << 30)
            // A copy in the same machine: its GUIDs are those that the kernel's command line names.
            let copy = try await DiskImage(copyingOnWrite: disk.path, at: "\(scratch)/copy.qcow2")
            let first = try await DiskImage(copyingOnWrite: disk.path, at: "\(scratch)/first.qcow2")
            try await withGuest(GuestConfiguration(disks: [first, copy])) { guest in
                try await guest.waitForBoot(role: .recovery)
                let plan = try await guest.output(of: "lifeboot resume --dry-run")
                #expect(plan.contains("write-table recovery, state, persistent"), "\(plan)")
                let steps = try await guest.steps(of: "lifeboot resume --json", within: ResetTests.limit)
                let sizes = try await guest.output(of: "lsblk -nbo PARTLABEL,SIZE /dev/vda | sed 's/ \\+/ /'")
                #expect(sizes.contains("recovery \(512 << 20)") && sizes.contains("state \(2 << 30)"), "\(sizes)")
                #expect(steps.filter { $0 == "mark-whole" }.count == 2 && steps.contains("grow-recovery"), "\(steps)")
                let status = try await guest.status()
                #expect(status.of(.active)?["image"]?.text == status.of(.recovery)?["image"]?.text)
                #expect(try await guest.output(of: "lifeboot resume").contains("Nothing is pending"))
                try await guest.restart()
                try await guest.waitForHealthy(role: .active)
                try await InstallTests.expectInstalled(guest)
                #expect(try await guest.run("test -e \(PersistentTests.mapping)").status == 0)
                #expect(try await guest.output(of: "stat -c %a /oem/lifeboot/persistent.key") == "600")
            }
            let untouched = try await copy.edit { try await $0.bootEnvironment() }
            #expect(untouched.pending == .install)
        }
    }

    @Test("that is too small stays in recovery, which says so on every console", .enabled(if: wantsEnduranceTests))
    func tooSmall() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.expandableDisk(in: scratch, settings: nil, size: 640 << 20)
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForBoot(role: .recovery)
                try await guest.console.wait(for: "this machine stays in recovery", within: ResetTests.limit)
                let refused = try await guest.run("lifeboot resume")
                #expect(refused.status == 19 && refused.text.contains("do not hold the partitions"), "\(refused.text)")
                #expect(try await guest.output(of: "cat /dev/vcs1").contains("stays in recovery"))
                let unit = try await guest.output(of: "systemctl show -P NRestarts lifeboot-recovery.service")
                #expect(unit == "0")
            }
            try await disk.edit { disk in
                let environment = try await disk.bootEnvironment()
                #expect(environment.pending == .install && environment.active == nil)
                #expect(try await HostCommand.run("sfdisk", ["--dump", disk.path]).contains("persistent") == false)
            }
        }
    }
}
