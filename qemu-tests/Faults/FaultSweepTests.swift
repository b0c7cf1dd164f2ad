import Foundation
import GrubEnvironment
import ImageModel
import Testing

@Suite("A fault at any system call", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct FaultSweepTests {
    @Test(
        "leaves the old state or the new one, and the next try succeeds",
        // The sweep of an upgrade takes minutes.
        arguments: FaultSweep.all.filter { wantsEnduranceTests || $0.name != "upgrade" })
    func sweep(_ sweep: FaultSweep) async throws {
        try await withSystem(change: { try await Self.prepare($0, for: sweep) }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            // It comes after a healthy boot, and for a moment holds the partition that the sweep mounts.
            try await guest.waitForRecoveryUpgrade()
            try Self.check(try await sweep.run(in: guest, budget: faultBudget), of: sweep)
        }
    }

    private static func prepare(_ disk: DiskEditor, for sweep: FaultSweep) async throws {
        guard sweep.isUpgrade else { return }
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { try await SmallImage(signedIn: system, in: $0).put(on: disk) }
        try await disk.changeBootEnvironment { $0.passive = nil }
    }

    @Test(
        "of recovery leaves what recovery goes on with, and the next try succeeds",
        .enabled(if: wantsEnduranceTests), arguments: FaultSweep.inRecovery)
    func recovery(_ sweep: FaultSweep) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await SmallImage(signedIn: system, in: scratch).put(on: disk)
                try await disk.changeBootEnvironment { ($0.active, $0.passive, $0.next) = (nil, nil, .recovery) }
            }
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: 600 << 20)
            try await withGuest(GuestConfiguration(disks: [disk, target])) { guest in
                try await guest.waitForBoot(role: .recovery)
                try Self.check(try await sweep.run(in: guest, budget: recoveryBudget), of: sweep)
            }
        }
    }

    private static func check(_ result: FaultSweep.Result, of sweep: FaultSweep) throws {
        print("\(sweep): \(result.tried) faults tried, \(result.failed) said so, \(result.harm.count) did harm")
        try #require(result.tried > 0, "\(result.notes)")
        #expect(result.failed > 0)
        #expect(result.harm.isEmpty, "\(result.harm.joined(separator: "\n"))")
    }

    @Test("that leaves neither the old state nor the new one is found")
    func halfDone() async throws {
        // dd truncates what was there before it writes.
        let sweep = FaultSweep(
            name: "dd", operation: "dd if=/run/new of=/run/place status=none",
            before: "echo new >/run/new; echo old >/run/place",
            done: "grep -qx new /run/place", untouched: "grep -qx old /run/place")
        try await withSystem { guest, _ in
            try await guest.waitForHealthy(role: .active)
            let result = try await sweep.run(in: guest, budget: 30)
            #expect(result.harm.contains { $0.hasPrefix("harm write ENOSPC 1 1: neither as before nor done") })
        }
    }
}

/// Seconds that each sweep may take (`LIFEBOOT_MACHINE_FAULT_SECONDS`, 35): with all boots less than three minutes.
private let faultBudget =
    ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_FAULT_SECONDS"].flatMap(Int.init) ?? 35

/// Seconds that each sweep in recovery may take (`LIFEBOOT_MACHINE_RECOVERY_FAULT_SECONDS`, 240): a fault takes ten seconds.
private let recoveryBudget =
    ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_RECOVERY_FAULT_SECONDS"].flatMap(Int.init) ?? 240
