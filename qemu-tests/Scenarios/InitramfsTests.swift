import Foundation
import ImageModel
import JSONText
import Testing

/// The minimal initramfs, in which the agent is the first process.
@Suite("The minimal initramfs", .enabled(if: wantsMachineTests && !wantsFullInitramfs), .timeLimit(.minutes(60)))
struct InitramfsTests {
    @Test("leaves nothing behind but what is in /run, and systemd finds the machine as its own initramfs leaves it")
    func leavesNothing() async throws {
        try await withSystem { guest, _ in
            try await guest.waitForHealthy(role: .active)
            let mounts = try await guest.output(of: "cat /proc/1/mountinfo")
            #expect(!mounts.contains(" - rootfs "))
            let points = try await guest.output(of: "awk '{print $5}' /proc/1/mountinfo")
            #expect(!points.contains("/sysroot"))
            #expect(
                try await guest.output(of: "ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c lifeboot-init || :") == "0")
            #expect(try await guest.output(of: "tr '\\0' '\\n' </proc/1/environ | grep -c SWIFT || :") == "0")
            #expect(try await guest.output(of: "findmnt -no OPTIONS /run").contains("nosuid,nodev"))
            let run = try await guest.output(
                of: "findmnt -bno SIZE /run; awk '/MemTotal/{print $2*1024}' /proc/meminfo")
            let sizes = run.split(separator: "\n").compactMap { Double($0) }
            #expect(sizes.count == 2 && sizes[0] / sizes[1] < 0.25)
            #expect(try await guest.output(of: "systemctl is-system-running") == "running")
            let analysis = try await guest.output(of: "systemd-analyze time")
            #expect(analysis.contains("(kernel)") && analysis.contains("(initrd)"))
            let units = try await guest.output(of: "systemctl is-active 'dev-mapper-lifeboot\\x2droot.device'")
            #expect(units == "active")
            #expect(!guest.console.text.contains("emptying the initramfs"))
            let report = try await guest.json(of: "cat /run/lifeboot/boot.json")
            let modules = (report["steps"]?.elements ?? []).filter { $0["step"]?.text == "load-module" }
            #expect(modules.contains { $0["subject"]?.text == "dm_verity" })
            try await guest.shutDown()
        }
    }

    @Test(
        "finds its disk behind every kind of controller",
        arguments: GuestConfiguration.Controller.allCases.filter { $0 != .virtioBlock }.reversed().first(1))
    func controllers(controller: GuestConfiguration.Controller) async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            // QEMU's cards have a power of two of bytes.
            if controller == .sdCard { try await HostCommand.run("qemu-img", ["resize", disk.path, "2G"]) }
            var configuration = GuestConfiguration(disks: [disk])
            configuration.controller = controller
            // Past the firmware, which does not start from each of them.
            configuration.directKernel = try await DirectBoot(system, in: scratch).directKernel()
            _ = try await withGuest(configuration) { guest in try await guest.waitForHealthy(role: .active) }
        }
    }

    @Test("boots with four processors, whatever they load at once", .enabled(if: wantsEnduranceTests))
    func processors() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            var configuration = GuestConfiguration(disks: [try await system.disk(in: scratch)])
            (configuration.processorCount, configuration.processor) = (4, "max")
            _ = try await withGuest(configuration) { guest in try await guest.waitForHealthy(role: .active) }
        }
    }

    @Test("waits for a disk that is plugged in later, and loads its drivers then", .enabled(if: wantsEnduranceTests))
    func lateDisk() async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let boot = try await DirectBoot(system, in: scratch)
            var configuration = GuestConfiguration(disks: [try await system.disk(in: scratch)])
            configuration.attachesLater = true
            configuration.directKernel = boot.directKernel(adding: "lifeboot.device-timeout=300")
            _ = try await withGuest(configuration) { guest in
                try await guest.console.wait(for: "this machine has no watchdog", within: Guest.bootLimit)
                try await Task.sleep(for: .seconds(20))
                try await guest.attachDisk()
                try await guest.waitForHealthy(role: .active)
            }
        }
    }

    @Test("stops for a person where rd.break says, and goes on when the shell is left")
    func breakpoint() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let boot = try await DirectBoot(system, in: scratch)
            var configuration = GuestConfiguration(disks: [try await system.disk(in: scratch)])
            configuration.directKernel = boot.directKernel(adding: "rd.break console=tty0")
            _ = try await withGuest(configuration) { guest in
                try await guest.console.wait(for: "lifeboot: starting ", within: Guest.bootLimit)
                // The shell is on the last console, which is the screen.
                try await Task.sleep(for: .seconds(10))
                let typed = [
                    "t", "o", "u", "c", "h", "spc", "slash", "r", "u", "n", "slash", "x", "ret", "e", "x", "i", "t",
                ]
                for key in typed + ["ret"] { try await guest.press(key) }
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.run("test -e /run/x").status == 0, "nobody took what was typed")
            }
        }
    }
}

/// Whether the guests have dracut's own initramfs.
let wantsFullInitramfs = ProcessInfo.processInfo.environment["LIFEBOOT_GUEST_INITRAMFS"] == "full"
