import Foundation
import GrubEnvironment
import ImageModel
import Testing

/// A disk made by boatyard with the product on it: active v2, passive and recovery v1.
struct InstalledSystem: Sendable {
    /// What differs between the systems under test.
    enum Variant: String, Sendable {
        /// systemd in the initramfs, Debian's cloud kernel.
        case standard
        /// dracut without systemd.
        case plainDracut = "plain-dracut"
        /// Debian's generic kernel, which has watchdog drivers.
        case generic
        /// The standard system with the mark of a sealed one.
        case sealed
        /// The standard system, which enforces Debian's policy for SELinux.
        case selinux
        /// The generic system with the loaders that Debian has had signed, and a medium of it.
        case signed
    }

    /// Where `guest/build-system` put its files.
    let directory: String

    /// The directory of the image of a release, 1 to 3 in this order; only the standard variant has 3.
    func image(_ version: Int) -> String { "\(directory)/v\(version)" }
    /// The medium that starts release 2, or 1 in its place; only the signed variant has it.
    var medium: String { "\(directory)/medium.iso" }
    /// The directory of the keys: `lifeboot.key` signs, `lifeboot.pub` is in every image.
    var keys: String { "\(directory)/keys" }
    /// boatyard as it was built for these tests.
    static let boatyard = "\(programs)/boatyard"
    /// The agent as it was built for these tests, for what it does on a host.
    static let lifeboot = "\(programs)/lifeboot"
    private static let programs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../out/bin"

    private static let builds = BuildCache()

    /// Builds it, or finds it in the cache; tests that run at once share one build.
    static func build(_ variant: Variant = .standard) async throws -> InstalledSystem {
        InstalledSystem(directory: try await builds.directory(of: variant))
    }

    /// Builds the sample of the documents and what goes with it by a script of `guest`, or finds it in the cache.
    static func product(_ script: String) async throws -> InstalledSystem {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest"
        let output = try await HostCommand.run("\(folder)/\(script)", [], within: .seconds(2_400))
        return InstalledSystem(directory: output.split(separator: "\n").last.map(String.init) ?? "")
    }

    /// A copy-on-write disk over the built one, changed offline before anything boots.
    func disk(
        in scratch: String, change: (DiskEditor) async throws -> Void = { _ in }
    ) async throws -> DiskImage {
        let disk = try await DiskImage(copyingOnWrite: "\(directory)/disk.raw", at: "\(scratch)/disk.qcow2")
        try await disk.edit(change)
        return disk
    }

    /// A second disk of another installation: the same labels, newer images.
    func otherDisk(in scratch: String) async throws -> DiskImage {
        try await DiskImage(copyingOnWrite: "\(directory)/other.raw", at: "\(scratch)/other.qcow2")
    }
}

/// Builds each variant once, one after the other: a build takes both processors.
private actor BuildCache {
    private var builds: [InstalledSystem.Variant: Task<String, any Error>] = [:]
    private var last: Task<String, any Error>?

    func directory(of variant: InstalledSystem.Variant) async throws -> String {
        if let build = builds[variant] { return try await build.value }
        let earlier = last
        let build = Task {
            _ = try? await earlier?.value
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/build-system"
            let output = try await HostCommand.run(script, [variant.rawValue], within: .seconds(900))
            return output.split(separator: "\n").last.map(String.init) ?? ""
        }
        builds[variant] = build
        last = build
        return try await build.value
    }
}

/// Boots an installed system after an offline change and hands over guest and disk.
func withSystem<Result: Sendable>(
    _ variant: InstalledSystem.Variant = .standard, firmware: GuestConfiguration.Firmware = .bios,
    hasWatchdog: Bool = false, change: (DiskEditor) async throws -> Void = { _ in },
    _ body: (Guest, DiskImage) async throws -> Result
) async throws -> Result {
    let system = try await InstalledSystem.build(variant)
    return try await withScratchDirectory { scratch in
        let disk = try await system.disk(in: scratch, change: change)
        let configuration = GuestConfiguration(firmware: firmware, disks: [disk], hasWatchdog: hasWatchdog)
        return try await withGuest(configuration) { try await body($0, disk) }
    }
}
