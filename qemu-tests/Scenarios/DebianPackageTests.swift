import Foundation
import ImageModel
import Testing

/// Debian's tools and the package lifeboot alone, without a file of the checkout (docs/debian-packages.md).
@Suite("A tree that the Debian package makes bootable", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct DebianPackageTests {
    @Test("passes the checks of an image, boots, and counts as healthy, with the units that the package enabled")
    func boots() async throws {
        let system = try await InstalledSystem.product("build-packaged")
        let lint = try HostCommand.outcome(
            of: InstalledSystem.boatyard, ["image", "lint", system.image(1)], within: .seconds(300))
        #expect(lint.status == 0, "\(String(decoding: lint.output, as: UTF8.self))")
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.runningTitle() == "packaged 1")
                #expect(
                    try await guest.output(of: "dpkg --audit; dpkg --status lifeboot | sed -n 's/^Status: //p'")
                        == "install ok installed")
                let units = try await guest.output(
                    of:
                        "systemctl is-enabled $(sed -n 's/^enable //p' /usr/lib/systemd/system-preset/50-lifeboot.preset)"
                )
                #expect(Set(units.split(separator: "\n")) == ["enabled"])
                #expect(try await guest.status().problems == [])
                try await guest.shutDown()
            }
        }
    }

    @Test(
        "has its initramfs made by the installation: none without a kernel, one with it, and another with another key")
    func initramfs() async throws {
        let said = try String(
            contentsOfFile: try await InstalledSystem.product("build-packaged").directory + "/said", encoding: .utf8)
        #expect(said.matches(of: /dracut: Generating/).count == 2, "\(said)")
        #expect(said.contains("Processing triggers for lifeboot"))
    }
}
