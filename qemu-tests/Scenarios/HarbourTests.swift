import Foundation
import GrubEnvironment
import ImageModel
import Testing

/// The sample of the documents, `examples/harbour`, as a team's machines live with it.
@Suite("The sample product", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(90)))
struct HarbourTests {
    @Test("boots, follows its channel, falls back from a release whose service does not answer, and is rolled back")
    func life() async throws {
        let system = try await Self.build()
        try await withScratchDirectory { scratch in
            let registry = try await TestRegistry(.plain, in: scratch)
            try await registry.start()
            for release in [2, 3] {
                try await registry.publish(system.image(release), as: "os:\(release)", signedIn: system)
            }
            let channel = TestChannelDocument(registry: registry, system: system, in: scratch)
            try await channel.publish(release: 2)
            // Recovery stays what it is, so that nothing is copied while the next step begins.
            let further = """
                channel: \(registry.source("os/channel:stable"))
                policy: {recovery-upgrade: refuse}

                """
            let disk = try await system.disk(in: scratch) { try await registry.configure($0, further: further) }
            var configuration = GuestConfiguration(disks: [disk])
            configuration.hasNetwork = true
            try await withGuest(configuration) { guest in
                try await guest.waitForHealthy(role: .active)
                try await Self.checkFirst(guest)
                try await Self.upgrade(guest)
                try await channel.publish(release: 3)
                try await Self.fallBack(guest)
            }
            try await registry.stop()
        }
    }

    /// Builds the disk and the images of it, or finds them in the cache.
    private static func build() async throws -> InstalledSystem {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/build-harbour"
        let output = try await HostCommand.run(script, [], within: .seconds(2_400))
        return InstalledSystem(directory: output.split(separator: "\n").last.map(String.init) ?? "")
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

    /// Takes what the channel has, and keeps what the layout keeps.
    private static func upgrade(_ guest: Guest) async throws {
        let keys = try await guest.output(of: "cat /etc/ssh/ssh_host_*.pub")
        try await guest.upgrade("")
        #expect(
            try await guest.roles()
                == "active=harbour 2026.11.2 trial, passive=harbour 2026.11.1 good, recovery=harbour 2026.11.1")
        try await guest.restartHealthy(role: .active)
        #expect(try await guest.runningTitle() == "harbour 2026.11.2")
        #expect(try await guest.tide().hasSuffix("the water is warm."))
        #expect(try await guest.output(of: "cat /etc/ssh/ssh_host_*.pub") == keys)
    }

    /// Takes the release that is not well, is back at the one before by itself, and stays there.
    private static func fallBack(_ guest: Guest) async throws {
        let earlier = guest.starts(of: .active)
        try await guest.upgrade("")
        try await guest.restart()
        while try await guest.waitForBoot(within: Guest.bootLimit * 3).role != "passive" {}
        #expect(try await guest.waitForVerdict().status == 0)
        #expect(guest.starts(of: .active) - earlier == 3)
        #expect(try await guest.runningTitle() == "harbour 2026.11.2")
        #expect(
            try await guest.roles()
                == "active=harbour 2026.11.3 bad, passive=harbour 2026.11.2 good, recovery=harbour 2026.11.1")
        #expect(try await guest.status().diagnosis(of: .active).contains("50-tide"))

        try await guest.output(of: "lifeboot rollback")
        try await guest.restartHealthy(role: .active)
        #expect(try await guest.runningTitle() == "harbour 2026.11.2")
        #expect(try await guest.tide().hasSuffix("the water is warm."))
    }
}

extension Guest {
    /// What the sample's service tells whoever asks it.
    fileprivate func tide() async throws -> String {
        try await output(of: "exec 3<>/dev/tcp/127.0.0.1/8090; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3")
    }
}
