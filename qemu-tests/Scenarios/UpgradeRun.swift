import Foundation
import ImageModel
import JSONText

/// What one run of `lifeboot upgrade --json` said.
struct UpgradeRun: Sendable, CustomStringConvertible {
    /// The exit status.
    let status: Int
    /// Everything it wrote.
    let text: String

    init(_ result: CommandResult) {
        status = result.status
        text = result.text
    }

    /// The objects, a line each.
    var events: [JSONValue] {
        text.split(separator: "\n").compactMap { $0.hasPrefix("{") ? try? JSONValue(parsing: Array($0.utf8)) : nil }
    }
    /// The last line of a run that succeeded.
    var end: JSONValue? { events.last { $0["event"]?.text == "end" } }
    /// Whether it changed anything; nil when it did not come to its end.
    var isChanged: Bool? { end?["changed"] == .bool(true) ? true : end?["changed"] == .bool(false) ? false : nil }
    /// Warnings of a run that succeeded.
    var warnings: [String] { (end?["warnings"]?.elements ?? []).compactMap(\.text) }
    /// Bytes received.
    var bytes: Int64 { end?["bytes"]?.integer ?? -1 }
    /// What was said that is not progress.
    var description: String {
        let told = text.split(separator: "\n").filter { !$0.hasPrefix("{\"event\":\"progress\"") }
        return "status \(status): \(told.suffix(12).joined(separator: "\n"))"
    }
}

extension Guest {
    /// A transfer, and making an image of a container, under emulation on a busy host.
    static let upgradeLimit = Duration.seconds(1_200)

    /// Runs `lifeboot upgrade --json` with further arguments, however it ends.
    func tryUpgrade(_ arguments: String) async throws -> UpgradeRun {
        try await waitForNetwork()
        return UpgradeRun(try await run("lifeboot upgrade --json \(arguments)", within: Self.upgradeLimit))
    }

    /// Waits until there is a way to the host; nothing in the boot waits for that.
    func waitForNetwork() async throws {
        // The kernel's little-endian spelling of the gateway, 10.0.2.2.
        try await output(
            of: """
                systemctl start systemd-networkd.service
                for ((i = 0; i < 600; i++)); do grep -q 0202000A /proc/net/route && exit 0; sleep 0.1; done
                cat /proc/net/dev; systemctl status systemd-networkd.service; exit 1
                """, within: .seconds(90))
    }

    /// Runs an upgrade that must succeed.
    @discardableResult
    func upgrade(_ arguments: String) async throws -> UpgradeRun {
        let run = try await tryUpgrade(arguments)
        guard run.status == 0, run.end != nil else { throw MachineError("upgrade \(arguments)", "\(run)") }
        return run
    }

    /// Which image has which role, and what is thought of it: `active=test 3 trial, passive=test 2 good, recovery=test 3`.
    func roles() async throws -> String {
        let status = try await status()
        return Role.allCases.map { role in
            let entry = status.of(role)
            let words = [entry?["title"]?.text ?? "-", entry?["state"]?.text].compactMap(\.self)
            return "\(role.rawValue)=\(words.joined(separator: " "))"
        }.joined(separator: ", ")
    }

    /// Restarts and waits until the system is healthy in `role`.
    func restartHealthy(role: Role) async throws {
        try await restart()
        if role == .recovery { try await waitForBoot(role: .recovery) } else { try await waitForHealthy(role: role) }
    }

    /// The title of the image that runs.
    func runningTitle() async throws -> String? {
        try await status().json["running"]?["title"]?.text
    }
}

/// Boots an installed system that reaches a registry.
///
/// - Parameters:
///   - releases: what the registry offers as `os:<release>`, signed.
///   - further: gives more lines for `/oem/lifeboot.yaml`.
///   - prepare: fills the registry further, before anything boots.
func withRegistry<Result: Sendable>(
    _ access: TestRegistry.Access = .plain, offering releases: [Int] = [3],
    further: (TestRegistry) -> String = { _ in "" },
    prepare: (TestRegistry, InstalledSystem, _ scratch: String) async throws -> Void = { _, _, _ in },
    change: (DiskEditor) async throws -> Void = { _ in },
    _ body: (Guest, TestRegistry) async throws -> Result
) async throws -> Result {
    let system = try await InstalledSystem.build()
    return try await withScratchDirectory { scratch in
        let registry = try await TestRegistry(access, in: scratch)
        try await registry.start()
        for release in releases {
            try await registry.publish(system.image(release), as: "os:\(release)", signedIn: system)
        }
        try await prepare(registry, system, scratch)
        let disk = try await system.disk(in: scratch) { disk in
            try await registry.configure(disk, further: further(registry))
            try await change(disk)
        }
        var configuration = GuestConfiguration(disks: [disk])
        configuration.hasNetwork = true
        let result = try await withGuest(configuration) { try await body($0, registry) }
        try await registry.stop()
        return result
    }
}

extension TestRegistry {
    /// What a guest types to get something of it.
    nonisolated func source(_ name: String) -> String { "oci://\(guestName)/\(name)" }
}
