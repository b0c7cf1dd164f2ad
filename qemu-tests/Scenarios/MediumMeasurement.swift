import Foundation
import JSONText
import Testing

/// Times how long a live boot takes to find its medium, beside how many other disks.
@Suite("Measurement of the search for a medium", .enabled(if: measurementsPath != nil), .timeLimit(.minutes(30)))
struct MediumMeasurement {
    /// What the other disks have.
    private enum Content: String, CaseIterable {
        /// A filesystem that a medium could have, and no table.
        case whole = "with FAT"
        /// What installed machines have: a FAT for the firmware, and ext4.
        case partitioned = "with a partition of FAT and one of ext4"
    }

    /// What one search took, in seconds.
    private struct Times {
        /// From the kernel's first line about the medium's device, which it writes before its event.
        var sinceDevice: Double
        /// The step that finds it, with all that it waited for.
        var step: Double
        /// From the beginning of that step to the device.
        var beforeDevice: Double { step - sinceDevice }
    }

    @Test("from the moment at which the kernel has the medium's device, alone and with 20 other disks")
    func search() async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let medium = try await LiveMedium(of: system, in: scratch)
            var lines = ["emulated: \(StageMeasurement.processor), one core, 500 million instructions a second"]
            let alone = try await Self.time(medium, [], appearsLater: false)
            lines.append(Self.line("alone", alone) + " (target: at most 0.3 s)")
            for content in Content.allCases {
                let others = try await Self.others(20, content, in: scratch)
                let late = try await Self.time(medium, others, appearsLater: true)
                lines.append(Self.line("20 others \(content.rawValue) were there", late) + " (target: at most 0.3 s)")
                let early = try await Self.time(medium, others, appearsLater: false)
                let step = String(format: "; the search took %.2f s in all", early.step)
                lines.append(Self.line("all there at power-on, 20 others \(content.rawValue)", early) + step)
            }
            let text = lines.joined(separator: "\n") + "\n"
            try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
        }
    }

    private static func line(_ what: String, _ times: Times) -> String {
        String(format: "medium found %.2f s after its device, ", times.sinceDevice) + what
    }

    /// Disks that are no medium.
    private static func others(_ count: Int, _ content: Content, in scratch: String) async throws -> [DiskImage] {
        let path = "\(scratch)/\(content).img"
        try await HostCommand.run("truncate", ["-s", "256M", path])
        switch content {
        case .whole: try await HostCommand.run("mkfs.vfat", ["-n", "OTHER", path])
        case .partitioned:
            let table = #"printf 'label: gpt\n,64M,U\n,,L\n' | sfdisk -q "$1""#
            try await HostCommand.run("sh", ["-ec", table, "sh", path])
            // 64 MiB from 1 MiB on, and 180 MiB behind them.
            try await HostCommand.run("mkfs.vfat", ["-F", "32", "--offset=2048", path, "65536"])
            try await HostCommand.run("mmd", ["-i", "\(path)@@1M", "::EFI"])
            try await HostCommand.run("mkfs.ext4", ["-q", "-F", "-E", "offset=\(65 << 20)", path, "180M"])
        }
        var disks: [DiskImage] = []
        for number in 0..<count {
            disks.append(try await DiskImage(copyingOnWrite: path, at: "\(scratch)/\(content)-\(number).qcow2"))
        }
        return disks
    }

    /// Boots from a stick that is there from the beginning, or is plugged in when the others were looked at.
    private static func time(_ medium: LiveMedium, _ others: [DiskImage], appearsLater: Bool) async throws -> Times {
        var configuration = GuestConfiguration(disks: [medium.stick] + others)
        (configuration.controller, configuration.attachesLater) = (.usbStorage, appearsLater)
        (configuration.countsInstructions, configuration.processor) = (true, StageMeasurement.processor)
        // As quiet as a console can be that tells the beginning of the search.
        configuration.directKernel = medium.kernel(adding: "quiet loglevel=7 lifeboot.device-timeout=300")
        return try await withGuest(configuration) { guest in
            if appearsLater {
                try await guest.console.wait(for: "this machine has no watchdog", within: Guest.bootLimit)
                // Looking at all of them takes two seconds of the guest's, which are five here.
                try await Task.sleep(for: .seconds(20))
                try await guest.attachDisk()
            }
            let times = try await Self.times(guest)
            // The guest's clock stands still while a busy host does something else.
            guard !appearsLater || times.beforeDevice > 3 else {
                throw MachineError(
                    "attach the medium to a machine that has looked at its disks",
                    "it came \(times.beforeDevice) s after the beginning of the search")
            }
            return times
        }
    }

    private static func times(_ guest: Guest) async throws -> Times {
        _ = try await guest.waitForBoot()
        let line = try await guest.output(of: "dmesg | grep '\\[sda\\]' | head -n 1")
        let appeared = line.split(whereSeparator: { "[] ".contains($0) }).first.flatMap { Double($0) }
        let report = try await guest.json(of: "cat /run/lifeboot/boot.json")
        let step = report["steps"]?.elements?.first { $0["step"]?.text == "find-medium" }
        guard let appeared, let step, let start = step["startedMicroseconds"]?.integer,
            let duration = step["microseconds"]?.integer
        else { throw MachineError("read when the medium was found", line) }
        return Times(sinceDevice: Double(start + duration) / 1e6 - appeared, step: Double(duration) / 1e6)
    }
}
