import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

/// Where `scripts/bench` wants the numbers; nil unless it runs.
let measurementsPath = ProcessInfo.processInfo.environment["LIFEBOOT_BENCH_RESULTS"]

/// Times the initramfs stage, from `/init` to the real systemd, as both systemds noted it themselves.
@Suite("Measurement", .enabled(if: measurementsPath != nil), .timeLimit(.minutes(60)))
struct StageMeasurement {
    /// One way to the same root: an initramfs and the command line that makes it find the root.
    struct Contender {
        var name: String
        var initrd: String
        var arguments: String
    }

    /// What one boot took, in milliseconds.
    struct Times {
        /// From power-on to `/init`.
        var kernel: Double
        /// From `/init` to the first line of the real systemd's `main`.
        var stage: Double
        /// From `/init` to the execution of the real systemd; nil for what does not say.
        var start: Double?
    }

    /// A processor with random numbers of its own, as all of the last ten years have: none waits for entropy.
    static let processor = "qemu64,+rdrand"

    @Test("the initramfs stage beside dmsquash-live, on the same disk and squashfs")
    func stage() async throws {
        let system = try await InstalledSystem.build()
        var lines = ["emulated: \(Self.processor), one core, 500 million instructions a second (-icount shift=1)"]
        try await withScratchDirectory { scratch in
            let boot = try await DirectBoot(system, in: scratch)
            let contenders = try await Self.contenders(system, boot)
            var times: [String: [Times]] = [:]
            for _ in 0..<3 {
                for contender in contenders {
                    let (time, report) = try await Self.measure(contender, system, scratch, boot.kernel)
                    times[contender.name, default: []].append(time)
                    lines += report
                }
            }
            lines += Self.summary(times)
            lines.append(try await Self.wall(system, scratch))
        }
        let text = lines.joined(separator: "\n") + "\n"
        try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
    }

    /// From power-on to a healthy system by the clock on the wall, firmware and GRUB included: of a busy host, hence a hint.
    private static func wall(_ system: InstalledSystem, _ scratch: String) async throws -> String {
        let disk = try await DiskImage(
            copyingOnWrite: "\(system.directory)/disk.raw", at: "\(scratch)/wall.qcow2")
        let start = ContinuousClock.now
        let time = try await withGuest(GuestConfiguration(disks: [disk])) { guest in
            try await guest.waitForHealthy(role: .active)
            return ContinuousClock.now - start
        }
        return "power-on to healthy, by the clock on the wall: \(time.components.seconds) s"
    }

    private static func contenders(_ system: InstalledSystem, _ boot: DirectBoot) async throws -> [Contender] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/build-live"
        let live = try await HostCommand.run(script, [], within: .seconds(600)).split(separator: "\n").last ?? ""
        let theirs =
            "root=live:LABEL=LB_STATE rd.live.dir=\(boot.folder) rd.live.squashimg=root.squashfs rd.live.overlay.overlayfs=1"
        return [
            Contender(name: "lifeboot", initrd: boot.initrd, arguments: boot.arguments),
            Contender(name: "dmsquash-live", initrd: String(live), arguments: theirs),
        ]
    }

    /// Boots once; returns the stage's milliseconds and, for ours, the time of each step.
    private static func measure(
        _ contender: Contender, _ system: InstalledSystem, _ scratch: String, _ kernel: String
    ) async throws -> (Times, [String]) {
        let layer = "\(scratch)/\(UUID().uuidString.prefix(6)).qcow2"
        let disk = try await DiskImage(copyingOnWrite: "\(system.directory)/disk.raw", at: layer)
        var configuration = GuestConfiguration(disks: [disk])
        configuration.countsInstructions = true
        configuration.processor = processor
        configuration.directKernel = .init(
            kernel: kernel, initrd: contender.initrd,
            arguments: contender.arguments + " systemd.show_status=false quiet panic=5")
        return try await withGuest(configuration) { guest in
            _ = try await guest.waitForBoot()
            let properties = "--property=InitRDTimestampMonotonic --property=UserspaceTimestampMonotonic"
            let text = try await guest.output(of: "systemctl show --value \(properties)")
            let stamps = text.split(separator: "\n").compactMap { Double($0) }
            guard stamps.count == 2 else { throw MachineError("measure \(contender.name)", "systemd said \(text)") }
            let times = Times(
                kernel: stamps[0] / 1000, stage: (stamps[1] - stamps[0]) / 1000, start: try await start(guest))
            return (times, contender.name == "lifeboot" ? try await steps(guest) : [])
        }
    }

    /// What the agent wrote into the kernel's log when it left the initramfs.
    private static func start(_ guest: Guest) async throws -> Double? {
        let line = try await guest.output(
            of: "dmesg | grep -o 'lifeboot: .* ms after /init' | grep -o '[0-9]* ms' || :")
        return line.split(separator: " ").first.flatMap { Double($0) }
    }

    private static func steps(_ guest: Guest) async throws -> [String] {
        let report = try await guest.json(of: "cat /run/lifeboot/boot.json")
        let steps = (report["steps"]?.elements ?? []).map { step in
            "    \(step["step"]?.text ?? "?") \(step["subject"]?.text ?? ""): \((step["microseconds"]?.integer ?? 0) / 1000) ms"
        }
        let scan = try BootScan.phases(report).map { Double($0) / 1000 }
        return ["  lifeboot-init took \((report["durationMicroseconds"]?.integer ?? 0) / 1000) ms:"] + steps
            + [
                String(
                    format: "    scan of a configuration without files: %.1f ms (target: at most 20), by phase: %@",
                    scan.reduce(0, +), scan.map { String(format: "%.1f", $0) }.joined(separator: ", "))
            ]
    }

    private static func summary(_ times: [String: [Times]]) -> [String] {
        func median(_ name: String, _ value: (Times) -> Double?) -> Double {
            let sorted = (times[name] ?? []).compactMap(value).sorted()
            return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
        }
        let parts: [(name: String, value: (Times) -> Double?, target: Double)] = [
            ("/init to the real systemd's main", \.stage, 0.32), ("kernel to /init", \.kernel, 1),
            ("kernel and stage together", { $0.kernel + $0.stage }, 0.50),
        ]
        var lines = parts.map { part in
            let (ours, theirs) = (median("lifeboot", part.value), median("dmsquash-live", part.value))
            return "\(part.name): \(Int(ours)) ms, dmsquash-live \(Int(theirs)) ms, ratio "
                + String(format: "%.2f (target: at most %.2f)", ours / theirs, part.target)
        }
        let start = median("lifeboot", \.start)
        lines.append(
            "/init to exec of the real init: \(start.isNaN ? "not said" : "\(Int(start)) ms") (target: at most 800 ms)")
        return lines
    }
}
