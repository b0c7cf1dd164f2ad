import Foundation
import ImageModel
import TestServers
import Testing

@Suite("A machine in a cloud", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct CloudTests {
    /// Names more clouds than the machine can be in, and disks that it does not have.
    private static let asking = """
        stages:
          initramfs:
            - systemctl: {enable: [systemd-networkd, systemd-networkd-wait-online]}
          network:
            - datasource: {providers: [cidata, config-drive, digitalocean, aws, openstack, hetzner]}
        """

    private static func userData(_ key: String) -> String {
        """
        #cloud-config
        users: [{name: joe, ssh_authorized_keys: ['\(key)']}]
        write_files:
          - {path: /etc/early, content: early}
          - {path: /etc/late, content: late, owner: 'joe:joe', defer: true}
        runcmd: ['echo $LIFEBOOT_STAGE runcmd >>/run/marks']
        stages:
          initramfs: [{commands: ['echo $LIFEBOOT_STAGE >>/run/marks']}]
          boot: [{commands: ['echo $LIFEBOOT_STAGE >>/run/marks']}]

        """
    }

    @Test(
        """
        asks that cloud alone, gets name, keys and user data from it, makes up for the stages that it missed, and lets in \
        who has a key
        """, arguments: KnownCloud.allCases)
    func cloud(_ cloud: KnownCloud) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let (launch, own) = (try Login.key("launch", in: scratch), try Login.key("own", in: scratch))
            let server = try ScriptedServer(cloud.rules(userData: Self.userData(own.line), key: launch.line))
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.setFile("/00_cloud.yaml", on: "oem", to: Array(Self.asking.utf8))
            }
            let port = try LoopbackPort.free()
            var configuration = GuestConfiguration(disks: [disk])
            configuration.cloud = EmulatedCloud(
                firmware: cloud.firmware, metadataPort: server.port, loginPort: port)
            try await withGuest(configuration) { guest in
                try await guest.waitForHealthy(role: .active)
                try await StageTests.waitForNetworkStage(guest)
                #expect(try server.requests().map { "\($0.method) \($0.path)" } == cloud.requests)
                let report = try await guest.run("cat /run/lifeboot/stages/network.json").text
                #expect(try await guest.output(of: "hostname") == cloud.hostname, "\(report)")
                #expect(try await guest.output(of: "cat /run/marks") == "initramfs\nboot\nnetwork runcmd", "\(report)")
                #expect(try await guest.output(of: "cat /etc/early /etc/late; stat -c %U /etc/late") == "earlylatejoe")
                #expect(try await guest.status().problems == [])
                if cloud == .openstack { try await Self.expectNetwork(guest) }
                try await Login.listen(guest)
                #expect(
                    try Login(user: "joe", key: own, port: port).run("id -un; hostname") == "joe\n\(cloud.hostname)")
                #expect(try Login(user: "root", key: launch, port: port).run("id -un") == "root")
                #expect(try Login(user: "root", key: own, port: port).run("id -un") == nil)
            }
        }
    }

    /// Expects that systemd-networkd takes the file that the cloud's description became, and that the address stays.
    private static func expectNetwork(_ guest: Guest) async throws {
        let card = try await guest.output(of: "basename /sys/class/net/e*")
        let wait = "/lib/systemd/systemd-networkd-wait-online --interface=\(card) --timeout=60"
        try await guest.output(of: "systemctl restart systemd-networkd && \(wait)", within: .seconds(90))
        // networkctl would want a message bus, which the guest does not have.
        let state = "/run/systemd/netif/links/$(cat /sys/class/net/\(card)/ifindex)"
        #expect(
            try await guest.output(of: "grep ^NETWORK_FILE= \(state)")
                == "NETWORK_FILE=/run/systemd/network/10-lifeboot-tap0.network")
        #expect(try await guest.output(of: "hostname -I").split(separator: " ").contains("10.0.2.15"))
    }
}
