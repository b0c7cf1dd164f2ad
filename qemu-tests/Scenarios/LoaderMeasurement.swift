import Foundation
import ImageModel
import Testing

/// Times what comes before the kernel: firmware and GRUB, which hashes kernel and initrd before it starts them.
@Suite("Measurement of the boot loader", .enabled(if: measurementsPath != nil), .timeLimit(.minutes(30)))
struct LoaderMeasurement {
    @Test("from power-on to the kernel, with GRUB and without")
    func loader() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let boot = try await DirectBoot(system, in: scratch)
            let clock = try await Self.clock(in: scratch)
            var times: [Double] = []
            for kernel in [boot.directKernel(), nil] {
                let layer = "\(scratch)/\(UUID().uuidString.prefix(6)).qcow2"
                let disk = try await DiskImage(copyingOnWrite: "\(system.directory)/disk.raw", at: layer)
                var configuration = GuestConfiguration(disks: [disk])
                configuration.countsInstructions = true
                configuration.processor = StageMeasurement.processor
                configuration.directKernel = kernel
                times.append(try await Self.beforeKernel(configuration, clock))
            }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: boot.initrd)).count
            let text = String(
                format:
                    "power-on to the kernel: %.0f ms, of which firmware %.0f ms, GRUB %.0f ms (initrd of %.1f MB)\n",
                times[1], times[0], times[1] - times[0], Double(bytes) / 1e6)
            try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
        }
    }

    /// The program that reads the clock, as text that a shell turns back.
    private static func clock(in scratch: String) async throws -> String {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/power-on-clock.c"
        let program = "\(scratch)/clock"
        let options = ["-O1", "-static", "-nostdlib", "-fno-stack-protector", "-s", "-Wl,-z,max-page-size=4096"]
        try await HostCommand.run("cc", options + ["-o", program, source])
        return try Data(contentsOf: URL(fileURLWithPath: program)).base64EncodedString()
    }

    /// How long the machine ran before its kernel's clock did, in milliseconds.
    private static func beforeKernel(_ configuration: GuestConfiguration, _ clock: String) async throws -> Double {
        try await withGuest(configuration) { guest in
            _ = try await guest.waitForBoot()
            try await guest.output(of: "echo \(clock) | base64 -d >/run/clock && chmod +x /run/clock")
            let text = try await guest.output(of: "/run/clock && cat /proc/uptime")
            let values = text.split(whereSeparator: { "\n ".contains($0) }).compactMap { Double($0) }
            guard values.count == 3 else { throw MachineError("read the guest's clocks", text) }
            return values[0] / 1e6 - values[1] * 1e3
        }
    }
}
