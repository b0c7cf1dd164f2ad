import Foundation
import JSONText
import Testing

/// Times how long a live boot takes to find its medium, beside how many other disks.
@Suite("Measurement of the search for a medium", .enabled(if: measurementsPath != nil), .timeLimit(.minutes(30)))
struct MediumMeasurement {
    @Test("from the moment at which the kernel has the medium's device, alone and with 20 other disks")
    func search() async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let medium = try await LiveMedium(of: system, in: scratch)
            let others = try await Self.others(20, in: scratch)
            var lines = ["emulated: \(StageMeasurement.processor), one core, 500 million instructions a second"]
            for count in [0, others.count] {
                var configuration = GuestConfiguration(disks: [medium.stick] + others.prefix(count))
                configuration.controller = .usbStorage
                configuration.countsInstructions = true
                configuration.processor = StageMeasurement.processor
                configuration.directKernel = medium.kernel(adding: "quiet")
                let time = try await withGuest(configuration) { try await Self.time($0) }
                lines.append(
                    String(
                        format: "medium found %.2f s after its device with \(count) others (target: at most 0.3 s)",
                        time))
            }
            let text = lines.joined(separator: "\n") + "\n"
            try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
        }
    }

    /// Disks with a filesystem that a medium could have.
    private static func others(_ count: Int, in scratch: String) async throws -> [DiskImage] {
        let path = "\(scratch)/other.img"
        try await HostCommand.run("truncate", ["-s", "64M", path])
        try await HostCommand.run("mkfs.vfat", ["-n", "OTHER", path])
        var disks: [DiskImage] = []
        for number in 0..<count {
            disks.append(try await DiskImage(copyingOnWrite: path, at: "\(scratch)/other-\(number).qcow2"))
        }
        return disks
    }

    /// Seconds from the kernel's line about the stick to the end of the step that found it.
    private static func time(_ guest: Guest) async throws -> Double {
        _ = try await guest.waitForBoot()
        let line = try await guest.output(of: "dmesg | grep 'sda: detected\\|sda\\] Attached' | tail -n 1")
        let attached = line.split(whereSeparator: { "[] ".contains($0) }).first.flatMap { Double($0) }
        let report = try await guest.json(of: "cat /run/lifeboot/boot.json")
        let step = report["steps"]?.elements?.first { $0["step"]?.text == "find-medium" }
        guard let attached, let step, let start = step["startedMicroseconds"]?.integer,
            let duration = step["microseconds"]?.integer
        else { throw MachineError("read when the medium was found", line) }
        return Double(start + duration) / 1e6 - attached
    }
}
