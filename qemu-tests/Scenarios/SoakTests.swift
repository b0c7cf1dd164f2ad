import BootModel
import DiskContract
import Foundation
import ImageModel
import JSONText
import SeededNumbers
import Testing

/// How many upgrades `make soak` does; 0 leaves it out.
private let soakUpgrades = ProcessInfo.processInfo.environment["LIFEBOOT_SOAK_UPGRADES"].flatMap(Int.init) ?? 0

@Suite("Upgrade after upgrade", .enabled(if: soakUpgrades > 0), .timeLimit(.minutes(360)))
struct SoakTests {
    @Test("on one disk, with the power cut in each third, lets nothing grow and loses nothing")
    func soak() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let registry = try await TestRegistry(.plain, in: scratch)
            try await registry.start()
            for release in 1...3 {
                try await registry.publish(system.image(release), as: "os:\(release)", signedIn: system)
            }
            let disk = try await system.disk(in: scratch) { disk in
                try await registry.configure(disk)
                try await disk.setFile("/kept", on: "oem", to: Array("of the user\n".utf8))
            }
            var configuration = GuestConfiguration(disks: [disk])
            configuration.hasNetwork = true
            var soak = Soak(configuration: configuration, registry: registry)
            try await soak.run(upgrades: soakUpgrades)
            try await registry.stop()
        }
    }
}

/// Upgrades from release to release, 3, 1, 2 and again, and keeps what was measured after each.
private struct Soak {
    let configuration: GuestConfiguration
    let registry: TestRegistry
    private var generator = SeededGenerator(
        seed: ProcessInfo.processInfo.environment["LIFEBOOT_SOAK_SEED"].flatMap(UInt64.init) ?? 1)
    private var samples: [Sample] = []
    private var active = 2
    /// How long an upgrade that nothing cuts takes.
    private var usual = 20.0

    init(configuration: GuestConfiguration, registry: TestRegistry) {
        self.configuration = configuration
        self.registry = registry
    }

    mutating func run(upgrades: Int) async throws {
        for number in 1...upgrades { try await round(number, cuts: number % 3 == 0) }
    }

    /// One upgrade and the boot after it, the first try of it cut off.
    private mutating func round(_ number: Int, cuts: Bool) async throws {
        let release = active % 3 + 1
        let source = "--only active --allow-downgrade \(registry.source("os:\(release)"))"
        if cuts { try await cut(source) }
        let configuration = configuration
        let (sample, seconds) = try await withGuest(configuration) { guest in
            try await guest.waitForHealthy(role: .active)
            let start = ContinuousClock.now
            try await guest.upgrade(source)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            try await guest.restartHealthy(role: .active)
            let sample = try await Sample(guest)
            try await guest.shutDown()
            return (sample, seconds)
        }
        print(
            "soak \(number): release \(release) in \(Int(seconds)) s\(cuts ? ", the first try cut off" : ""), \(sample)"
        )
        #expect(sample.running == "test \(release)")
        #expect(sample.roles == "active=test \(release) good, passive=test \(active) good, recovery=test 1")
        #expect(sample.problems == [])
        if let before = samples.first { #expect(sample.kept == before.kept, "something was lost after \(number)") }
        // The same two releases are on the disk as three upgrades before.
        if samples.count >= 3 {
            let before = samples[samples.count % 3]
            #expect(sample.names == before.names, "after \(number)")
            #expect(sample.stateBytes <= before.stateBytes + 65_536, "state grows: \(before) \(sample)")
            #expect(sample.openFiles <= before.openFiles + 2 && sample.mounts == before.mounts, "\(before) \(sample)")
            #expect(sample.historySlots <= DiskFiles.historySize / BootHistory.slotSize, "\(sample)")
        }
        samples.append(sample)
        active = release
        if !cuts { usual = seconds }
    }

    /// Takes the power away at a drawn moment of an upgrade; the machine comes back with the old image or the new one.
    private mutating func cut(_ source: String) async throws {
        let moment = Double.random(in: 0...usual, using: &generator)
        try await withGuest(configuration) { guest in
            try await guest.waitForHealthy(role: .active)
            try await guest.waitForNetwork()
            try await guest.order("lifeboot upgrade \(source)")
            try await Task.sleep(for: .seconds(moment))
            await guest.cutPower()
        }
        print("soak: the power went after \(moment.formatted(.number.precision(.fractionLength(1)))) s")
    }
}

/// What a machine holds after an upgrade and a healthy boot.
private struct Sample: CustomStringConvertible {
    var running: String?
    var roles: String
    var problems: [String]
    /// What the user put there, and the machine's identity.
    var kept: String
    /// Names on the state partition, without the ids of images.
    var names: String
    var stateBytes: Int
    var historySlots: Int
    /// Descriptors of the first process, and mounts.
    var openFiles: Int
    var mounts: Int

    init(_ guest: Guest) async throws {
        let status = try await guest.status()
        running = status.json["running"]?["title"]?.text
        problems = status.problems
        historySlots = status.boots.count + (status.json["operations"]?.elements?.count ?? 0)
        roles = try await guest.roles()
        kept = try await guest.output(of: "cat /oem/kept /etc/machine-id && lifeboot boot-env check")
        let state = "/run/lifeboot/state"
        names = try await guest.output(
            of: "cd \(state); find . -mindepth 1 | sed -E 's/[0-9a-f]{16}/ID/' | LC_ALL=C sort")
        stateBytes = try await guest.number(
            of: "stat -f -c '%b %f %S' \(state) | { read b f s; echo $(((b - f) * s)); }")
        openFiles = try await guest.number(of: "ls /proc/1/fd | wc -l")
        mounts = try await guest.number(of: "wc -l </proc/self/mountinfo")
    }

    var description: String {
        "\(stateBytes >> 10) KiB on state, \(historySlots) records, \(openFiles) descriptors, \(mounts) mounts"
    }
}

extension Guest {
    /// A command's output as a number.
    fileprivate func number(of command: String) async throws -> Int {
        let text = try await output(of: command)
        guard let number = Int(text) else { throw MachineError("read a number from '\(command)'", text) }
        return number
    }
}
