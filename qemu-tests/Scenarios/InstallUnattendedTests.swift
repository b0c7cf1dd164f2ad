import Foundation
import ImageModel
import Testing

/// Machines that are installed by the `install.yaml` of a medium, with nobody at them.
@Suite(
    "An installation that nobody watches",
    .enabled(if: wantsMachineTests && wantsEnduranceTests && !wantsFullInitramfs), .timeLimit(.minutes(60)))
struct InstallUnattendedTests {
    @Test("does nothing and says why where two disks are meant, installs on the one that is named, and only once")
    func named() async throws {
        try await withMedium(saying: Self.target) { medium, scratch in
            let other = try DiskImage(empty: "\(scratch)/other.raw", size: InstallTests.diskSize)
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: InstallTests.diskSize)
            var configuration = GuestConfiguration(disks: [other, target])
            (configuration.serials, configuration.disc) = (["other-1", "another-2"], medium.file)
            configuration.directKernel = medium.kernel(adding: "lifeboot.install=yes")
            try await withGuest(configuration) { guest in try await Self.expectRefusal(guest) }
            configuration.serials[1] = "target-2"
            try await withGuest(configuration) { guest in
                try await guest.waitForOff(within: Guest.bootLimit + InstallTests.limit)
                #expect(guest.console.count(of: "make-bootable /dev/vdb") == 1)
                #expect(guest.console.count(of: "was installed on /dev/vdb") == 1)
            }
            try await withGuest(configuration) { guest in
                try await guest.waitForOff(within: Guest.bootLimit)
                #expect(guest.console.count(of: "/dev/vdb has this installation already") == 1)
                #expect(guest.console.count(of: "wipe-disk") == 0)
            }
            // Whatever happened, nothing happened to the disk that was not meant.
            try await HostCommand.run("cmp", ["-n", String(InstallTests.diskSize), other.path, "/dev/zero"])
        }
    }

    @Test("works where the initramfs carries the image, and the disk boots alone with what came along")
    func carried() async throws {
        try await withMedium(saying: Self.target) { medium, scratch in
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: InstallTests.diskSize)
            var configuration = GuestConfiguration(disks: [target])
            (configuration.serials, configuration.memory) = (["target-2"], 3072)
            configuration.directKernel = try await medium.carried(in: scratch, adding: "lifeboot.install=yes")
            try await withGuest(configuration) { guest in
                try await guest.waitForOff(within: Guest.bootLimit + InstallTests.limit)
                #expect(guest.console.count(of: "was installed on /dev/vda") == 1)
            }
            try await withGuest(GuestConfiguration(disks: [target])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await InstallTests.expectInstalled(guest)
                #expect(try await guest.output(of: "hostname") == "medium")
                try await guest.shutDown()
            }
        }
    }

    /// The target by its serial number, with sizes that fit on a small disk.
    private static let target = """
        disk: {serial: target-2}
        sizes: {boot: 70M, oem: 32M, recovery: 350M, state: 500M}

        """

    private static let both = "{disk: {size: 1G..2G, choose: largest}, sizes: {recovery: 350M, state: 500M, oem: 32M}}"
    private static let place = "/run/lifeboot/medium/install.yaml"

    /// Nothing is written, every console and login says why, and the machine can be used.
    private static func expectRefusal(_ guest: Guest) async throws {
        #expect(try await guest.waitForBoot().role == "live")
        try await guest.console.wait(for: "it speaks of no disk of this machine", within: Guest.bootLimit)
        let line = "/dev/vda, 1400 MiB, serial other-1, by-id virtio-other-1: its serial number is not target-2"
        #expect(guest.console.count(of: line) == 1)
        #expect(guest.console.count(of: "this system runs from it") == 1, "the disc")
        let notice = try await guest.output(of: "cat /run/issue.d/lifeboot-install.issue")
        #expect(notice.contains("Write what is true of one disk alone"))
        #expect(try await guest.output(of: "systemctl is-system-running --wait || true") == "degraded")
        #expect(try await guest.run("systemctl is-failed lifeboot-install").text == "failed")
        #expect(try await guest.run("systemctl is-active multi-user.target").status == 0, "somebody can log in")
        // The same of two disks that are meant, by another file.
        try await guest.output(of: "echo '\(both)' >/run/both && mount --bind /run/both \(place)")
        #expect(try await guest.run("systemctl restart lifeboot-install").status != 0)
        #expect(guest.console.count(of: "2 disks of this machine are as it says, and it must be one") == 1)
        #expect(guest.console.count(of: "it is as the file says, and so is another one") == 2)
        #expect(try await guest.output(of: "awk '$3 ~ /^vd/ {n += $10} END {print n + 0}' /proc/diskstats") == "0")
        try await guest.shutDown()
    }

    private func withMedium(
        saying installation: String, _ body: (LiveMedium, String) async throws -> Void
    ) async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            try await body(try await LiveMedium(of: system, in: scratch, installing: installation), scratch)
        }
    }
}
