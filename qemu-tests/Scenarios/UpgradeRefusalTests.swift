import Foundation
import ImageModel
import Testing

@Suite("An upgrade is refused", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct UpgradeRefusalTests {
    /// What is offered, the status that the machine answers with, and a part of what it says.
    private static let refusals: [(name: String, status: Int, words: String)] = [
        ("unsigned:3", 10, "it is not signed"),
        ("foreign:3", 11, "it is signed, but by none of the trusted keys"),
        ("os:1", 12, "its sequence 1 is lower than 2"),
        ("other:arm", 13, "it is for arm64, and this machine is amd64"),
        ("other:red", 14, "it is for the boards red"),
        ("other:schema", 15, "schema"),
        ("other:agent", 16, "it needs lifeboot 99.0.0"),
        ("os:none", 25, "MANIFEST_UNKNOWN"),
    ]

    @Test("by signature, sequence, machine type, board, schema and age of the channel, each in its own words")
    func refusals() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            try await withRegistry(
                offering: [1, 3], further: { "channel: \($0.source("os/channel:stable"))\n" },
                prepare: { registry, system, scratch in try await Self.fill(registry, system, scratch) }
            ) { guest, registry in
                try await guest.waitForHealthy(role: .active)
                for (name, status, words) in Self.refusals {
                    let run = try await guest.tryUpgrade(registry.source(name))
                    #expect(run.status == status && run.text.contains(words), "\(name): \(run)")
                }
                let channel = TestChannelDocument(registry: registry, system: system, in: scratch)
                try await Self.follow(channel, guest)
                #expect(try await guest.roles() == "active=test 2 good, passive=test 1 good, recovery=test 1")
                let folders = try await guest.output(of: "ls -A /run/lifeboot/state/images")
                #expect(folders.split(separator: "\n").count == 2 && !folders.contains("staging"), "\(folders)")
            }
        }
    }

    private static func fill(_ registry: TestRegistry, _ system: InstalledSystem, _ scratch: String) async throws {
        try await HostCommand.run(InstalledSystem.boatyard, ["key", "generate", "-o", "\(scratch)/foreign"])
        try await registry.publish(system.image(3), as: "unsigned:3", key: nil)
        try await registry.publish(system.image(3), as: "foreign:3", key: "\(scratch)/foreign/lifeboot.key")
        for (tag, old, new) in [
            ("arm", "\"architecture\": \"amd64\"", "\"architecture\": \"arm64\""),
            ("red", "\"boards\": []", "\"boards\": [\"red\"]"),
            ("agent", "\"boards\": []", "\"boards\": [], \"minimumAgent\": \"99.0.0\""),
        ] {
            let image = try await system.image(3, in: scratch) { $0.replacing(old, with: new) }
            try await registry.publish(image, as: "other:\(tag)", signedIn: system)
        }
        try await registry.copyManifest("other:agent", as: "other:schema") { $0.replacing("\"1.0\"", with: "\"9.0\"") }
        try await registry.sign("other:schema", key: "\(system.keys)/lifeboot.key")
    }

    /// Upgrades with `/oem/lifeboot.yaml` edited by sed for that moment.
    private static func withConfiguration(
        _ edit: String, _ guest: Guest, _ arguments: String
    ) async throws -> UpgradeRun {
        let script = """
            sed '\(edit)' /oem/lifeboot.yaml >/run/edited; mount --bind /run/edited /oem/lifeboot.yaml
            lifeboot upgrade --json \(arguments); status=$?
            umount /oem/lifeboot.yaml; exit $status
            """
        return UpgradeRun(try await guest.run(script, within: Guest.upgradeLimit))
    }

    /// A channel that has something, has nothing, has expired, is an old one again, and is somebody else's.
    private static func follow(_ channel: TestChannelDocument, _ guest: Guest) async throws {
        let old = try await channel.publish(release: 3)
        let found = try await guest.tryUpgrade("--check")
        #expect(found.status == 5, "\(found)")
        #expect(try await guest.output(of: "lifeboot upgrade --check; true").contains("test 3 can be installed"))

        let expired = try await guest.run(
            "date -s '+40 days' >&2; lifeboot upgrade; s=$?; date -s '-40 days' >&2; exit $s")
        #expect(expired.status == 17 && expired.text.contains("it expired at"), "\(expired.text)")

        try await Task.sleep(for: .seconds(1))
        try await channel.publish(release: 3)
        #expect(try await guest.tryUpgrade("--check").status == 5)
        try await channel.restore(old)
        let older = try await guest.tryUpgrade("")
        #expect(older.status == 18 && older.text.contains("was seen"), "\(older)")

        try await channel.publish(release: 1)
        let nothing = try await guest.tryUpgrade("--check")
        #expect(nothing.status == 0 && nothing.text.contains("has nothing newer"), "\(nothing)")

        try await channel.publish(release: 3, as: "os/channel:foreign", key: "stranger")
        let foreign = try await withConfiguration("s/channel:stable/channel:foreign/", guest, "")
        #expect(foreign.status == 11 && foreign.text.contains("the channel is signed by none"), "\(foreign)")
    }
}
