import Foundation
import ImageModel
import Testing

/// Times what recovery takes to complete an expandable disk, beside the programs that would do it by hand.
@Suite("Measurement of completing a disk", .enabled(if: measurementsPath != nil), .timeLimit(.minutes(30)))
struct CompletionMeasurement {
    @Test("lifeboot resume beside making the two filesystems and copying the image, in the same guest")
    func completing() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.expandableDisk(
                in: scratch, settings: "{recovery: 350M, state: 700M}\n", oem: InstalledSystem.unattended, size: 4 << 30
            )
            var configuration = GuestConfiguration(disks: [disk])
            configuration.countsInstructions = true
            configuration.processor = StageMeasurement.processor
            let (ours, making, copying) = try await withGuest(configuration) { guest in
                try await guest.waitForBoot(role: .recovery)
                let ours = try await Self.time("lifeboot resume", guest)
                let making = try await Self.time(
                    "mkfs.ext4 -qF /dev/disk/by-partlabel/persistent; mkfs.ext4 -qF /dev/disk/by-partlabel/state", guest
                )
                try await guest.output(of: "mount /dev/disk/by-partlabel/state /mnt")
                let copying = try await Self.time("cp -r /run/lifeboot/recovery/images /mnt && sync", guest)
                return (ours, making, copying)
            }
            let text = String(
                format: "completing: %.2f s; mkfs %.2f s, copying %.2f s; ratio to mkfs + 1.2 x copying %.2f "
                    + "(target: at most 1.00)\n", ours, making, copying, ours / (making + 1.2 * copying))
            try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
        }
    }

    /// The seconds of a command by the guest's clock, with nothing of the disk in memory before.
    private static func time(_ command: String, _ guest: Guest) async throws -> Double {
        let text = try await guest.output(
            of: """
                sync; echo 3 >/proc/sys/vm/drop_caches
                start=$(date +%s%N); { \(command); } >/dev/null 2>&1 || exit 1; echo $(($(date +%s%N) - start))
                """, within: .seconds(600))
        guard let nanoseconds = Double(text) else { throw MachineError("time \(command)", text) }
        return nanoseconds / 1e9
    }
}
