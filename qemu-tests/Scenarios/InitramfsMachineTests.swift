import ImageModel
import JSONText
import Testing

/// Machines that the minimal initramfs has to boot, beside those of `InitramfsTests`.
@Suite(
    "The minimal initramfs on a machine", .enabled(if: wantsEnduranceTests && !wantsFullInitramfs),
    .timeLimit(.minutes(60)))
struct InitramfsMachineTests {
    @Test("with two controllers takes its disk from the slower one")
    func twoControllers() async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let first = try DiskImage(empty: "\(scratch)/first.raw", size: 64 << 20)
            var configuration = GuestConfiguration(
                disks: [first, try await system.disk(in: scratch)], bootDisk: 1, controller: .usbStorage)
            configuration.directKernel = try await DirectBoot(system, in: scratch).directKernel()
            try await withGuest(configuration) { guest in
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.output(of: "findmnt -no SOURCE /run/lifeboot/state").hasPrefix("/dev/sd"))
            }
        }
    }

    @Test("with 256 MB, and no room at all for what is written, boots and is healthy")
    func smallMemory() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let boot = try await DirectBoot(system, in: scratch)
            var configuration = GuestConfiguration(disks: [try await system.disk(in: scratch)])
            configuration.memory = 256
            configuration.directKernel = boot.directKernel(adding: "lifeboot.overlay=tmpfs:4k")
            try await withGuest(configuration) { guest in
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.run("dd if=/dev/zero of=/etc/file bs=8k count=1").status != 0)
            }
        }
    }

    @Test(
        "takes a passphrase from whatever keyboard it has, also where that is not the last console",
        arguments: GuestConfiguration.Keyboard.allCases)
    func passphrase(keyboard: GuestConfiguration.Keyboard) async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await PersistentTests.encrypt(disk, Array("tide".utf8))
            }
            var configuration = GuestConfiguration(disks: [disk])
            configuration.keyboard = keyboard
            configuration.directKernel = try await DirectBoot(system, in: scratch).directKernel(
                adding: keyboard == .serial ? "console=tty0" : "console=tty0 console=ttyS0")
            try await withGuest(configuration) { guest in
                try await guest.console.wait(for: "lifeboot: passphrase for", within: Guest.bootLimit)
                if keyboard == .usb { try await guest.console.wait(for: "USB Keyboard", within: .seconds(30)) }
                try await guest.type("tide")
                try await guest.waitForBoot(role: .active)
                let steps = try await guest.json(of: "cat /run/lifeboot/boot.json")["steps"]?.elements ?? []
                let step = steps.first { $0["step"]?.text == "unlock-persistent" }
                #expect(["done", "noted"].contains(step?["outcome"]?.text), "\(String(describing: step))")
            }
        }
    }
}
