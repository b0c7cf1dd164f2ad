import Foundation
import ImageModel
import JSONText
import Testing

/// Systems that run from a medium, which is found by what it carries.
@Suite("A live boot", .enabled(if: wantsMachineTests && !wantsFullInitramfs), .timeLimit(.minutes(60)))
struct LiveTests {
    @Test("runs from a stick, is on no disk, installs itself with the stick's configuration, and that disk boots alone")
    func stick() async throws {
        try await withMedium { medium, scratch in
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: InstallTests.diskSize)
            let other = try DiskImage(empty: "\(scratch)/other.raw", size: 64 << 20)
            // As firmware and GRUB start it from the ISO that was written to a stick as it is.
            let stick = DiskImage(raw: try await medium.bootable(in: scratch))
            var configuration = GuestConfiguration(disks: [stick, target, other])
            configuration.controller = .usbStorage
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                try await Self.expectLive(guest, from: "/dev/sda")
                let self_ = try await guest.run("lifeboot install --force /dev/sda")
                #expect(self_.status == 29 && self_.text.contains("comes from it"), "\(self_.text)")
                let steps = try await guest.steps(
                    of: "lifeboot install --sizes \(InstallTests.sizes) --json /dev/vda", within: InstallTests.limit)
                #expect(steps.contains("copy-oem") && steps.last == "run-hooks")
                try await guest.shutDown()
            }
            try await withGuest(GuestConfiguration(disks: [target])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await InstallTests.expectInstalled(guest)
                #expect(try await guest.output(of: "cat /oem/10_medium.yaml").contains("hostname: medium"))
                try await guest.shutDown()
            }
        }
    }

    @Test(
        "runs from one and the same ISO, from a disc and a stick, by both firmwares", .enabled(if: wantsEnduranceTests),
        arguments: GuestConfiguration.Firmware.allCases, [true, false])
    func ways(firmware: GuestConfiguration.Firmware, isDisc: Bool) async throws {
        try await withMedium { medium, scratch in
            let file = try await medium.bootable(in: scratch)
            var configuration = GuestConfiguration(disks: isDisc ? [] : [DiskImage(raw: file)])
            (configuration.firmware, configuration.controller) = (firmware, .usbStorage)
            if isDisc { configuration.disc = file }
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                #expect(guest.console.count(of: "from this medium") >= 1)
                try await Self.expectLive(guest, from: isDisc ? "/dev/sr0" : "/dev/sda")
                try await guest.shutDown()
            }
        }
    }

    @Test("runs from a copy on a stick with FAT, whatever that is called", .enabled(if: wantsEnduranceTests))
    func copied() async throws {
        try await withMedium { medium, scratch in
            var configuration = GuestConfiguration(disks: [try await medium.copied(in: scratch)])
            configuration.controller = .usbStorage
            configuration.directKernel = medium.kernel(adding: "lifeboot.toram=no")
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                #expect(try await guest.output(of: "findmnt -no FSTYPE,LABEL /run/lifeboot/medium").hasPrefix("vfat"))
                try await Self.expectLive(guest, from: "/dev/sda")
                try await guest.shutDown()
            }
        }
    }

    @Test("from a disc that is taken out goes on when it was copied into memory", .enabled(if: wantsEnduranceTests))
    func discTakenOut() async throws {
        try await withMedium { medium, _ in
            var configuration = GuestConfiguration()
            (configuration.disc, configuration.memory) = (medium.file, 3072)
            configuration.directKernel = medium.kernel()
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                try await guest.takeDiscOut()
                #expect(try await guest.run("dd if=/dev/sr0 of=/dev/null bs=2k count=1").status != 0)
                #expect(
                    try await guest.output(of: "find /usr -type f -exec cat {} + | wc -c", within: .seconds(240)) != "0"
                )
                #expect(try await guest.output(of: "dmesg").contains("I/O error, dev loop") == false)
                #expect(try await guest.output(of: "ls /run/lifeboot/medium/images/*/vmlinuz").hasSuffix("vmlinuz"))
                try await guest.shutDown()
            }
        }
    }

    @Test(
        "from a disc that is taken out says so and restarts when it was not copied", .enabled(if: wantsEnduranceTests))
    func discLost() async throws {
        try await withMedium { medium, _ in
            var configuration = GuestConfiguration()
            configuration.disc = medium.file
            configuration.directKernel = medium.kernel(adding: "lifeboot.toram=no")
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                #expect(try await guest.output(of: "systemctl is-active lifeboot-medium") == "active")
                try await guest.takeDiscOut()
                try await guest.console.wait(for: "THE MEDIUM WAS TAKEN OUT", within: .seconds(60))
                try await guest.waitForEvent("RESET", within: .seconds(90))
            }
        }
    }

    @Test(
        "passes over media with another image, an altered one and none, and takes the one that is plugged in later",
        .enabled(if: wantsEnduranceTests))
    func laterAndOthers() async throws {
        try await withMedium { medium, scratch in
            let altered = try await medium.altered(in: scratch)
            var configuration = GuestConfiguration(disks: [medium.stick, altered])
            configuration.attachesLater = true
            configuration.directKernel = medium.kernel(adding: "lifeboot.device-timeout=300")
            try await withGuest(configuration) { guest in
                try await guest.console.wait(for: "the manifest was altered", within: Guest.bootLimit)
                try await Task.sleep(for: .seconds(20))
                try await guest.attachDisk()
                #expect(try await guest.waitForBoot().role == "live")
                try await Self.expectLive(guest, from: "/dev/sda")
            }
        }
    }

    /// What a live system is like, whatever it came from.
    private static func expectLive(_ guest: Guest, from disk: String) async throws {
        let report = try await guest.json(of: "cat /run/lifeboot/boot.json")
        #expect(report["role"]?.text == "live" && report["failure"] == .null)
        #expect(try await guest.output(of: "cat /run/lifeboot/medium-disk") == disk)
        #expect(try await guest.output(of: "findmnt -no SOURCE,FSTYPE /") == "/dev/mapper/lifeboot-root squashfs")
        #expect(try await guest.output(of: "hostname") == "medium")
        #expect(try await guest.run("touch /oem/x").status != 0)
        #expect(try await guest.run("touch /etc/x /home/x /var/x").status == 0)
        #expect(try await guest.output(of: "systemctl is-system-running --wait", within: Guest.bootLimit) == "running")
        let status = try await guest.run("lifeboot status")
        #expect(status.status == 30 && status.text.contains("live system"), "\(status.text)")
        let notice = try await guest.output(of: "systemctl start lifeboot-history && cat /run/issue.d/lifeboot.issue")
        #expect(notice.contains("This is a LIVE system ("), "\(notice)")
        for unit in ["mark-good", "grow", "grub"] {
            let started = try await guest.output(of: "systemctl show -P ConditionResult lifeboot-\(unit)")
            #expect(started == "no", "\(unit)")
        }
        // Not one sector was written to any disk.
        #expect(
            try await guest.output(of: "awk '$3 !~ /^(loop|dm-)/ {n += $10} END {print n + 0}' /proc/diskstats") == "0")
    }

    /// Makes a medium, and a folder that is removed with it.
    private func withMedium(_ body: (LiveMedium, String) async throws -> Void) async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            try await body(try await LiveMedium(of: system, in: scratch), scratch)
        }
    }
}
