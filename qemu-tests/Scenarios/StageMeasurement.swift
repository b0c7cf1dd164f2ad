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

    @Test("the initramfs stage beside dmsquash-live, on the same disk and squashfs")
    func stage() async throws {
        let system = try await InstalledSystem.build()
        var lines: [String] = []
        try await withScratchDirectory { scratch in
            let kernel = "\(scratch)/vmlinuz"
            let contenders = try await Self.contenders(system, scratch, kernel)
            var times: [String: [Double]] = [:]
            for _ in 0..<3 {
                for contender in contenders {
                    let (time, report) = try await Self.measure(contender, system, scratch, kernel)
                    times[contender.name, default: []].append(time)
                    lines += report
                }
            }
            lines += Self.summary(times)
        }
        let text = lines.joined(separator: "\n") + "\n"
        try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
    }

    private static func contenders(
        _ system: InstalledSystem, _ scratch: String, _ kernel: String
    ) async throws -> [Contender] {
        let disk = try await system.disk(in: scratch)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/build-live"
        let live = try await HostCommand.run(script, [], within: .seconds(600)).split(separator: "\n").last ?? ""
        return try await disk.edit { editor in
            let (partition, path) = try await editor.imageDirectory(of: .active)
            let files = FileManager.default
            _ = files.createFile(
                atPath: kernel, contents: Data(try await editor.file("\(path)/vmlinuz", on: partition)))
            let initrd = Data(try await editor.file("\(path)/initrd.img", on: partition))
            _ = files.createFile(atPath: "\(scratch)/initrd.img", contents: initrd)
            let boot = try await HostCommand.run(
                "sh",
                [
                    "-c", "sfdisk --json \"$0\" | grep -B9 '\"name\": \"boot\"' | grep -o '\"uuid\": \"[^\"]*'",
                    editor.path,
                ])
            let uuid = boot.split(separator: "\"").last.map(String.init) ?? ""
            let id = path.split(separator: "/").last ?? ""
            let ours = "lifeboot.role=active lifeboot.image=\(id) lifeboot.boot=PARTUUID=\(uuid) lifeboot.tries=2"
            let theirs =
                "root=live:LABEL=LB_STATE rd.live.dir=\(path) rd.live.squashimg=root.squashfs rd.live.overlay.overlayfs=1"
            return [
                Contender(name: "lifeboot", initrd: "\(scratch)/initrd.img", arguments: ours),
                Contender(name: "dmsquash-live", initrd: String(live), arguments: theirs),
            ]
        }
    }

    /// Boots once; returns the stage's milliseconds and, for ours, the time of each step.
    private static func measure(
        _ contender: Contender, _ system: InstalledSystem, _ scratch: String, _ kernel: String
    ) async throws -> (Double, [String]) {
        let layer = "\(scratch)/\(UUID().uuidString.prefix(6)).qcow2"
        let disk = try await DiskImage(copyingOnWrite: "\(system.directory)/disk.raw", at: layer)
        var configuration = GuestConfiguration(disks: [disk])
        configuration.countsInstructions = true
        configuration.directKernel = .init(
            kernel: kernel, initrd: contender.initrd,
            arguments: contender.arguments + " systemd.show_status=false quiet panic=5")
        return try await withGuest(configuration) { guest in
            _ = try await guest.waitForBoot()
            let properties = "--property=InitRDTimestampMonotonic --property=UserspaceTimestampMonotonic"
            let text = try await guest.output(of: "systemctl show --value \(properties)")
            let stamps = text.split(separator: "\n").compactMap { Double($0) }
            guard stamps.count == 2 else { throw MachineError("measure \(contender.name)", "systemd said \(text)") }
            let report = contender.name == "lifeboot" ? try await steps(guest) : []
            return (abs(stamps[1] - stamps[0]) / 1000, report)
        }
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

    private static func summary(_ times: [String: [Double]]) -> [String] {
        let median: ([Double]) -> Double = { values in
            let sorted = values.sorted()
            return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
        }
        var lines = times.sorted { $0.key < $1.key }.map { name, values in
            "stage \(name): median \(Int(median(values))) ms of \(values.map { Int($0) })"
        }
        let ratio = median(times["lifeboot"] ?? []) / median(times["dmsquash-live"] ?? [])
        lines.append(String(format: "stage ratio lifeboot/dmsquash-live: %.2f (target: at most 0.40)", ratio))
        return lines
    }
}
