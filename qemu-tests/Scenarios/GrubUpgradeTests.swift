import Foundation
import ImageModel
import Testing

@Suite("GRUB's upgrade", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct GrubUpgradeTests {
    /// Lays a newer GRUB over the one that the system carries; `change` gets the folder as `$D`.
    static func offer(_ version: Int, _ guest: Guest, _ change: String = "true") async throws {
        try await guest.output(
            of: """
                D=/run/grub; rm -rf $D; cp -r /usr/lib/lifeboot/grub $D; echo \(version) >$D/version; \(change)
                mount --bind $D /usr/lib/lifeboot/grub
                """)
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
        arguments: GuestConfiguration.Firmware.allCases)
    func kept(firmware: GuestConfiguration.Firmware) async throws {
        try await withSystem(firmware: firmware) { guest, disk in
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "lifeboot grub").contains("up to date"))
            let loaders = "printf x >>$D/core.img; printf x >>$D/BOOTX64.EFI"
            try await Self.offer(2, guest, loaders)
            #expect(try await guest.output(of: "lifeboot grub").contains("try version 2"))
            #expect(try await guest.output(of: "lifeboot grub").contains("at the next start"))
            #expect(try await Self.copyAfterRestart(guest) == "b")
            try await Self.offer(2, guest, loaders)
            let output = try await guest.output(of: "lifeboot grub")
            for part in ["keep copy b", "switch-core", "exchange-loader", "loaders of version 2"] {
                #expect(output.contains(part), "\(output)")
            }
            #expect(try await guest.output(of: "lifeboot grub").contains("up to date"))
            #expect(try await Self.copyAfterRestart(guest) == "b", "the new loader reads the kept copy")
            try await guest.shutDown()
            let loader = try await disk.edit { try await $0.bootFile("/EFI/BOOT/BOOTX64.EFI") }
            #expect(loader.last == UInt8(ascii: "x"))
        }
    }

    @Test(
        "a configuration that cannot be read, or that hangs, is tried once and never again by itself",
        arguments: ["echo 'function x {' >$D/grub.cfg", "echo 'while true; do sleep 1; done' >$D/grub.cfg"])
    func failed(change: String) async throws {
        try await withSystem { guest, _ in
            try await guest.waitForHealthy(role: .active)
            try await Self.offer(2, guest, change)
            #expect(try await guest.output(of: "lifeboot grub").contains("try version 2"))
            try await guest.restart()
            if change.contains("while") {
                // Long enough for GRUB to be at work on the new configuration; it never ends by itself.
                try await Task.sleep(for: .seconds(60))
                try await guest.reset()
            }
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "cat /proc/cmdline").contains("lifeboot.grub=a"))
            try await Self.offer(2, guest, change)
            #expect(try await guest.output(of: "lifeboot grub").contains("started no healthy system"))
        }
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
            #expect(try await guest.output(of: "lifeboot grub").contains("install-selector"))
            #expect(try await Self.copyAfterRestart(guest) == "b")
            #expect(try await guest.output(of: "lifeboot grub").contains("keep copy b"))
        }
    }
}
