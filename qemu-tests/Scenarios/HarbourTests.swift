import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

/// The sample of the documents, `examples/harbour`, as a team's machines live with it.
@Suite("The sample product", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(90)))
struct HarbourTests {
    @Test(
        "boots, follows its channel, moves what was said, is rolled back, and falls back from a release that does not answer"
    )
    func life() async throws {
        let system = try await InstalledSystem.product("build-harbour")
        try await withSite(system, offering: [2, 3]) { guest, site in
            try await guest.waitForHealthy(role: .active)
            try await Self.checkFirst(guest)
            try await site.offer("2")
            try await Self.upgrade(guest, as: Self.prediction(system.image(1), system.image(2)))
            try await Self.rollBack(guest)
            try await site.offer("3")
            try await Self.fallBack(guest)
        }
    }

    @Test("is upgraded to a commit of its container twin, and to images that were built on other bases; all boot")
    func products() async throws {
        let system = try await InstalledSystem.product("build-harbour")
        let products = try await InstalledSystem.product("build-products")
        try await withSite(system) { guest, site in
            try await guest.waitForHealthy(role: .active)
            try await site.copy("oci:\(products.directory)/commit:commit", as: "commit")
            try await guest.upgrade(site.source("commit"))
            try await guest.restartHealthy(role: .active)
            #expect(try await guest.output(of: "cat /usr/lib/commit") == "of a commit")
            #expect(try await guest.runningTitle() == "harbour 2026.11.1")
            #expect(try await guest.tide().hasPrefix("The tide is "))

            try await Self.move(guest, to: "pier", of: products, at: site)
            #expect(try await guest.runningTitle() == "pier 0.1.0")
            #expect(try await guest.output(of: ". /etc/os-release; echo $PRETTY_NAME") == "Pier 0.1.0")
            #expect(try await guest.output(of: "systemctl is-active hello.service tide.service") == "active\nactive")
            let packages = try await guest.output(of: "lifeboot status --packages")
            for name in ["app/hello", "app/tide", "lifeboot/agent"] { #expect(packages.contains(name), "\(packages)") }

            try await Self.move(guest, to: "foundation", of: products, at: site)
            #expect(try await guest.runningTitle() == "foundation 1.0.0")
            #expect(try await guest.run("test -e /usr/bin/tide").status != 0, "nothing of what ran before is left")

            try await Self.move(guest, to: "appliance", of: products, at: site)
            #expect(try await guest.runningTitle() == "appliance 1")
            #expect(try await guest.output(of: "cat /etc/lifeboot/health.d/required/10-serving").contains("health"))
        }
    }

    @Test("installs itself from its ISO with nobody at the machine, and the disk boots alone")
    func medium() async throws {
        let system = try await InstalledSystem.product("build-harbour")
        try await withScratchDirectory { scratch in
            let disk = try DiskImage(empty: "\(scratch)/disk.raw", size: 1500 << 20)
            // The cloud's kernel knows no discs and no USB, and a disk of virtio is a medium like any other.
            let medium = DiskImage(raw: "\(system.directory)/harbour.iso")
            try await withGuest(GuestConfiguration(disks: [medium, disk])) { guest in
                try await guest.waitForOff(within: Guest.bootLimit + InstallTests.limit)
                #expect(guest.console.count(of: "was installed on /dev/vd") == 1)
            }
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .active)
                #expect(
                    try await guest.roles()
                        == "active=harbour 2026.11.1 good, passive=-, recovery=harbour 2026.11.1")
                #expect(try await guest.tide().hasPrefix("The tide is "))
                try await guest.shutDown()
            }
        }
    }

    /// Takes an image that is another product, and boots it.
    private static func move(
        _ guest: Guest, to name: String, of products: InstalledSystem, at site: ServedSite
    ) async throws {
        try await site.publish("\(products.directory)/\(name)", as: name)
        try await guest.upgrade("--allow-other-product --allow-downgrade \(site.source(name))")
        try await guest.restartHealthy(role: .active)
        #expect(try await guest.status().problems == [])
    }

    /// The bytes that an upgrade from an image to another one moves, as `boatyard image diff` says.
    private static func prediction(_ old: String, _ new: String) throws -> Double {
        let (status, output) = try HostCommand.outcome(
            of: InstalledSystem.boatyard, ["image", "diff", old, new, "--json"], within: .seconds(300))
        let bytes = try JSONValue(parsing: output)["upgrade"]?["bytes"]?.integer
        guard status == 1, let bytes else { throw MachineError("compare \(old) and \(new)", "status \(status)") }
        return Double(bytes)
    }

    /// What the files of the layer promise.
    private static func checkFirst(_ guest: Guest) async throws {
        #expect(try await guest.roles() == "active=harbour 2026.11.1 good, passive=-, recovery=harbour 2026.11.1")
        #expect(try await guest.tide().hasPrefix("The tide is "))
        #expect(try await guest.output(of: "stat -c %U /proc/$(systemctl show -P MainPID tide.service)") == "tide")
        #expect(try await guest.output(of: "hostname").hasPrefix("harbour-"))
        #expect(try await guest.output(of: ". /etc/os-release; echo $PRETTY_NAME") == "Harbour 2026.11.1")
        #expect(try await guest.output(of: "cat ~keeper/.ssh/authorized_keys").hasSuffix(" keeper"))
        #expect(try await guest.output(of: "systemctl is-active ssh.service") == "active")
        #expect(try await guest.output(of: "getent passwd sshd tide | cut -d: -f3 | tr '\\n' ' '") == "901 902")
        #expect(try await guest.output(of: "dpkg --audit; pwck -r | grep -Ev 'no changes|does not exist'; :").isEmpty)
        #expect(try await guest.output(of: "systemctl --failed --plain --no-legend").isEmpty)
        #expect(try await guest.run("command -v gcc").status != 0, "the compiler is in no image")
        #expect(try await guest.status().problems == [])
    }

    /// Takes what the channel has, for what was said that it costs, and keeps what the layout keeps.
    private static func upgrade(_ guest: Guest, as predicted: Double) async throws {
        let keys = try await guest.output(of: "cat /etc/ssh/ssh_host_*.pub")
        let run = try await guest.upgrade("")
        #expect(abs(Double(run.bytes) / predicted - 1) < 0.1, "\(run.bytes) bytes of \(predicted)")
        #expect(
            try await guest.roles()
                == "active=harbour 2026.11.2 trial, passive=harbour 2026.11.1 good, recovery=harbour 2026.11.1")
        try await guest.restartHealthy(role: .active)
        #expect(try await guest.runningTitle() == "harbour 2026.11.2")
        #expect(try await guest.tide().hasSuffix("the water is warm."))
        #expect(try await guest.output(of: "cat /etc/ssh/ssh_host_*.pub") == keys)
    }

    /// Goes back to the release before, because somebody wants that.
    private static func rollBack(_ guest: Guest) async throws {
        try await guest.output(of: "lifeboot rollback")
        try await guest.restartHealthy(role: .active)
        #expect(
            try await guest.roles()
                == "active=harbour 2026.11.1 good, passive=harbour 2026.11.2 good, recovery=harbour 2026.11.1")
        #expect(try await guest.runningTitle() == "harbour 2026.11.1")
        #expect(try await !guest.tide().hasSuffix("the water is warm."))
    }

    /// Takes the release that is not well, is back at the one before by itself, and stays there.
    private static func fallBack(_ guest: Guest) async throws {
        let earlier = guest.starts(of: .active)
        try await guest.upgrade("")
        try await guest.restart()
        while try await guest.waitForBoot(within: Guest.bootLimit * 3).role != "passive" {}
        #expect(try await guest.waitForVerdict().status == 0)
        #expect(guest.starts(of: .active) - earlier == 3)
        #expect(try await guest.runningTitle() == "harbour 2026.11.1")
        #expect(
            try await guest.roles()
                == "active=harbour 2026.11.3 bad, passive=harbour 2026.11.1 good, recovery=harbour 2026.11.1")
        #expect(try await guest.status().diagnosis(of: .active).contains("50-tide"))

        try await guest.output(of: "lifeboot rollback")
        try await guest.restartHealthy(role: .active)
        #expect(try await guest.runningTitle() == "harbour 2026.11.1")
        #expect(try await guest.tide().hasPrefix("The tide is "))
    }
}

/// Boots harbour's first release on a machine that reaches a site of its own.
///
/// - Parameter releases: what is published there by its number, and not yet in the channel.
private func withSite(
    _ system: InstalledSystem, offering releases: [Int] = [], _ body: (Guest, ServedSite) async throws -> Void
) async throws {
    try await withScratchDirectory { scratch in
        let site = try await ServedSite(in: scratch, keys: system.keys)
        for release in releases { try await site.publish(system.image(release), as: "\(release)") }
        // Recovery stays what it is, so that nothing is copied while the next step begins.
        let disk = try await system.disk(in: scratch) {
            try await site.configure($0, further: "policy: {recovery-upgrade: refuse}\n")
        }
        var configuration = GuestConfiguration(disks: [disk])
        configuration.hasNetwork = true
        try await withGuest(configuration) { try await body($0, site) }
        try await site.stop()
    }
}

extension Guest {
    /// What the sample's service tells whoever asks it.
    fileprivate func tide() async throws -> String {
        try await output(of: "exec 3<>/dev/tcp/127.0.0.1/8090; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3")
    }
}
