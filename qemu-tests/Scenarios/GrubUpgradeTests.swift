import Foundation
import ImageModel
import Testing

@Suite("GRUB's upgrade", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct GrubUpgradeTests {
    /// A version that is so much newer than what this checkout has.
    static func version(_ newer: Int) throws -> Int {
        let file = URL(filePath: #filePath).deletingLastPathComponent().path() + "/../../grub/version"
        let text = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let shipped = Int(text) else { throw MachineError("read \(file)", text) }
        return shipped + newer
    }

    /// Lays a newer GRUB over the one that the system carries; `change` gets the folder as `$D`.
    static func offer(_ version: Int, _ guest: Guest, _ change: String = "true") async throws {
        try await guest.output(
            of: """
                D=/run/grub; while umount /usr/lib/lifeboot/grub 2>/dev/null; do :; done; rm -rf $D; cp -r /usr/lib/lifeboot/grub $D; echo \(version) >$D/version; \(change)
                mount --bind $D /usr/lib/lifeboot/grub
                """)
    }

    /// What the unit that runs after each healthy boot did in this one.
    static func unitOutput(_ guest: Guest) async throws -> String {
        try await guest.output(of: "journalctl --output=cat --unit=lifeboot-grub.service")
    }

    /// Restarts and returns the copy of its configuration that GRUB used.
    static func copyAfterRestart(_ guest: Guest) async throws -> String? {
        try await guest.restart()
        try await guest.waitForHealthy(role: .active)
        let line = try await guest.output(of: "cat /proc/cmdline")
        return line.split(separator: " ").first { $0.hasPrefix("lifeboot.grub=") }.map { String($0.dropFirst(14)) }
    }

    @Test(
        "a newer configuration is tried once, kept when the system is healthy, and the loaders follow",
        arguments: GuestConfiguration.Firmware.allCases.reversed().first(1))
    func kept(firmware: GuestConfiguration.Firmware) async throws {
        try await withSystem(firmware: firmware) { guest, disk in
            try await guest.waitForHealthy(role: .active)
            #expect(try await Self.unitOutput(guest).contains("up to date"))
            let version = try Self.version(1)
            let loaders = "printf x >>$D/core.img; printf x >>$D/BOOTX64.EFI"
            try await Self.offer(version, guest, loaders)
            #expect(try await guest.output(of: "lifeboot grub").contains("try version \(version)"))
            #expect(try await guest.output(of: "lifeboot grub").contains("at the next start"))
            #expect(try await Self.copyAfterRestart(guest) == "b")
            #expect(try await Self.unitOutput(guest).contains("keep copy b"))
            try await Self.offer(version, guest, loaders)
            let output = try await guest.output(of: "lifeboot grub")
            for part in ["switch-core", "exchange-loader", "loaders of version \(version)"] {
                #expect(output.contains(part), "\(output)")
            }
            #expect(try await guest.output(of: "lifeboot grub").contains("up to date"))
            #expect(try await Self.copyAfterRestart(guest) == "b", "the new loader reads the kept copy")
            try await guest.shutDown()
            let loader = try await disk.edit { try await $0.bootFile("/EFI/BOOT/BOOTX64.EFI") }
            #expect(loader.last == UInt8(ascii: "x"))
        }
    }

    @Test("a configuration that cannot be read, or that hangs, is tried once and never again by itself")
    func failed() async throws {
        try await withSystem { guest, _ in
            try await guest.waitForHealthy(role: .active)
            try await Self.checkTriedOnce(Self.version(1), guest, "echo 'function x {' >$D/grub.cfg") { _ in }
            let endless = "serial --unit=0; terminal_output serial; echo this hangs; while true; do sleep 1; done"
            let hanging = "echo '\(endless)' >$D/grub.cfg"
            try await Self.checkTriedOnce(Self.version(2), guest, hanging) { guest in
                try await guest.console.wait(for: "this hangs", within: .seconds(120))
                try await guest.reset()
            }
        }
    }

    /// Offers a configuration that starts nothing and restarts; `meanwhile` does what a person would.
    static func checkTriedOnce(
        _ version: Int, _ guest: Guest, _ change: String, meanwhile: (Guest) async throws -> Void
    ) async throws {
        try await offer(version, guest, change)
        #expect(try await guest.output(of: "lifeboot grub").contains("try version \(version)"))
        try await guest.restart()
        try await meanwhile(guest)
        try await guest.waitForHealthy(role: .active)
        #expect(try await guest.output(of: "cat /proc/cmdline").contains("lifeboot.grub=a"))
        try await offer(version, guest, change)
        #expect(try await guest.output(of: "lifeboot grub").contains("started no healthy system"))
    }

    @Test("a disk with one configuration gets two copies and the selector")
    func adopted() async throws {
        try await withSystem(change: { disk in
            let single = try await disk.bootFile("/grub/a/grub.cfg")
            try await disk.setBootFile("/grub/grub.cfg", to: single)
            let volume = "\(disk.path)@@\(try await disk.partition("boot").offset)"
            try await HostCommand.run("mdeltree", ["-i", volume, "::/grub/a", "::/grub/b"])
            try await HostCommand.run("mdel", ["-i", volume, "::/lifeboot/grub.env"])
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            #expect(try await Self.unitOutput(guest).contains("install-selector"))
            #expect(try await Self.copyAfterRestart(guest) == "b")
            #expect(try await Self.unitOutput(guest).contains("keep copy b"))
        }
    }
}
