import Foundation
import ImageModel
import Testing

/// What a person reads when the minimal initramfs cannot go on, and that the machine restarts by itself.
@Suite(
    "A minimal initramfs that cannot go on", .enabled(if: wantsEnduranceTests && !wantsFullInitramfs),
    .timeLimit(.minutes(60)))
struct InitramfsFailureTests {
    /// A change of the initramfs, and what is said.
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var script = ":"
        var words = ""
        var hasDisk = true
        var memory = 1024
        var said: [String]

        var testDescription: String { name }
    }

    static let faults = [
        Fault(
            name: "a module is missing",
            script: "find . -name 'dm-verity.ko' -delete; sed -i '/dm-verity.ko:/d' usr/lib/modules/*/modules.dep",
            said: ["no module dm_verity for the kernel", "Make the initramfs again"]),
        Fault(
            name: "the modules are another kernel's",
            script: "cd usr/lib/modules && mv * 6.0.0-other && cd - >/dev/null",
            said: ["the initramfs was made for 6.0.0-other", "boot another entry"]),
        Fault(
            name: "a module is damaged",
            script: "f=$(find . -name squashfs.ko); head -c 20000 $f >x; mv x $f",
            said: ["loading the module", "squashfs.ko", "it is damaged"]),
        Fault(
            name: "there is no disk", words: "lifeboot.device-timeout=5", hasDisk: false,
            said: ["find-boot-partition", "PARTUUID="]),
        Fault(
            name: "there is no memory for what is in it", memory: 96,
            said: ["Kernel panic - not syncing: System is deadlocked on memory"]),
        Fault(name: "there is no image to boot", words: "lifeboot.disable", said: ["the command line names no image"]),
    ]

    @Test("says why and what to do on the console, and restarts", arguments: faults)
    func told(fault: Fault) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let boot = try await DirectBoot(system, in: scratch)
            let initrd = try await boot.changedInitrd(in: scratch, by: fault.script)
            var configuration = GuestConfiguration(
                disks: fault.hasDisk ? [try await system.disk(in: scratch)] : [])
            configuration.memory = fault.memory
            configuration.directKernel = boot.directKernel(initrd: initrd, adding: "rd.shell=0 " + fault.words)
            try await withGuest(configuration) { guest in
                try await guest.waitForEvent("RESET", within: Guest.bootLimit)
                // The panel is broken between words.
                let said = guest.console.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                for text in fault.said { #expect(said.contains(text), "\(text)") }
            }
        }
    }

    @Test("is not taken by GRUB when a byte of it has turned over; past GRUB the kernel says so, and restarts")
    func turnedByte() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.changeImageFile("initrd.img", of: .active, Self.turnByte)
            }
            let boot = try await DirectBoot(system, in: scratch)
            let damaged = "\(scratch)/damaged.img"
            let whole = try Data(contentsOf: URL(fileURLWithPath: boot.initrd))
            try Data(Self.turnByte(Array(whole))).write(to: URL(fileURLWithPath: damaged))
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .passive)
                #expect(guest.starts(of: .active) == 0)
                #expect(guest.console.text.contains("initrd.img"))
            }
            var configuration = GuestConfiguration(disks: [disk])
            configuration.directKernel = boot.directKernel(initrd: damaged)
            try await withGuest(configuration) { guest in
                try await guest.waitForEvent("RESET", within: Guest.bootLimit)
                #expect(guest.console.text.contains("Initramfs unpacking failed"))
            }
        }
    }

    private static func turnByte(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[bytes.count / 2] ^= 0x40
        return bytes
    }
}
