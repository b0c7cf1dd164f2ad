import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

/// One way to ruin boot.env.
struct Damage: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var change: @Sendable ([UInt8]) -> [UInt8]

    static let all = [
        Damage(testDescription: "zeroed") { [UInt8](repeating: 0, count: $0.count) },
        Damage(testDescription: "cut to 512 bytes") { Array($0.prefix(512)) },
        Damage(testDescription: "random bytes") { bytes in
            bytes.indices.map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) }
        },
        Damage(testDescription: "absurd images, format and pin") { bytes in
            absurd(bytes, ["format": "99", "active": "../../etc", "passive": "x", "default": "king", "next": "queen"])
        },
        Damage(testDescription: "absurd attempts, states and operation") { bytes in
            absurd(
                bytes,
                [
                    "active_tries": "-5", "passive_tries": "banana", "recovery_tries": "77", "active_state": "fine",
                    "passive_state": "", "pending": "everything",
                ])
        },
    ]

    private static func absurd(_ bytes: [UInt8], _ values: [String: String]) -> [UInt8] {
        guard var block = try? EnvironmentBlock(parsing: bytes) else { return [] }
        for (name, value) in values { block[name] = value }
        return (try? block.serialized()) ?? []
    }
}

@Suite("The boot environment", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct EnvironmentTests {
    @Test("however damaged, the machine boots, repairs it and says so", arguments: Damage.all.first(2))
    func damaged(_ damage: Damage) async throws {
        try await withSystem(change: { disk in
            let path = DiskEditor.bootEnvironmentPath
            try await disk.setBootFile(path, to: damage.change(try await disk.bootFile(path)))
        }) { guest, disk in
            let hello = try await guest.waitForBoot()
            #expect(["active", "passive"].contains(hello.role))
            let report = try await guest.json(of: "cat /run/lifeboot/boot.json")
            let step = report["steps"]?.elements?.first { $0["step"]?.text == "check-boot-environment" }
            #expect(step?["message"]?.text?.contains("boot.env was repaired") == true)
            #expect(try await guest.waitForVerdict().status == 0)
            try await guest.shutDown()
            let bytes = try await disk.edit { try await $0.bootFile(DiskEditor.bootEnvironmentPath) }
            #expect(bytes.count == 1024)
            let reading = try BootEnvironment.read(bytes)
            #expect(reading.problems.isEmpty)
            #expect(reading.environment.active != nil && reading.environment.recovery != nil)
        }
    }

    @Test("on a boot partition that cannot be written boots, uncounted, and says so")
    func readOnly() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            let sector = try await disk.edit { try await $0.sector(ofBootFile: DiskEditor.bootEnvironmentPath) }
            var configuration = GuestConfiguration(disks: [disk])
            configuration.unwritableSector = sector
            try await withGuest(configuration) { guest in
                try await guest.waitForBoot(role: .active)
                let problems = try await guest.status().problems
                #expect(problems.contains { $0.contains("GRUB") }, "\(problems)")
            }
        }
    }

    @Test("switched to recovery once leads there and back")
    func switchOnce() async throws {
        try await withSystem { guest, _ in
            try await guest.waitForHealthy(role: .active)
            try await guest.output(of: "lifeboot switch recovery --once")
            try await guest.restart()
            try await guest.waitForBoot(role: .recovery)
            #expect(try await guest.status().reason == "next")
            try await guest.restart()
            try await guest.waitForHealthy(role: .active)
        }
    }
}
