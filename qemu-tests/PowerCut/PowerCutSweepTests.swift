import Foundation
import GrubEnvironment
import ImageModel
import Testing

@Suite("Power cuts", .enabled(if: PowerCutSettings.isWanted), .serialized, .timeLimit(.minutes(120)))
struct PowerCutSweepTests {
    private static let settings: PowerCutSettings = {
        let settings = PowerCutSettings()
        settings.tell(PowerCutReport.head)
        return settings
    }()

    @Test("at any point of an operation leave a system that boots", arguments: settings.operations)
    func sweep(_ operation: PowerCutOperation) async throws {
        let settings = Self.settings
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let recording =
                if let kept = settings.recording {
                    try PowerCutRecording(in: kept)
                } else {
                    try await PowerCutRecording(of: operation, on: system, in: scratch)
                }
            try await recording.check()
            let sweep = CutSweep(recording: recording, keys: "\(system.directory)/keys", seed: settings.seed)
            let result = try await settings.run(sweep)
            settings.tell(PowerCutReport.line(operation, sweep, result))
            for failure in result.failures.prefix(20) { settings.tell(PowerCutReport.text(failure)) }
            if !result.failures.isEmpty { try settings.keep(recording, of: operation) }
            let isFaulty = PowerCutOperation.faulty.contains { $0.name == operation.name }
            #expect(result.failures.isEmpty != isFaulty, "\(PowerCutReport.line(operation, sweep, result))")
            guard !isFaulty else { return }
            try await boot(settings.drawnBoots(of: operation, from: sweep.points), of: sweep, in: scratch, operation)
        }
    }

    /// Boots the disk of each cut until the agent says what runs.
    private func boot(
        _ cuts: [PowerCut], of sweep: CutSweep, in scratch: String, _ operation: PowerCutOperation
    ) async throws {
        for cut in cuts {
            let path = "\(scratch)/boot.raw"
            try await sweep.recording.copyBase(to: path)
            let environment = try await Self.environment(of: cut, on: path, sweep)
            let role = environment.choice { _, _ in true }.attempt?.role
            try await withGuest(GuestConfiguration(disks: [DiskImage(raw: path)])) { guest in
                let hello = try await guest.waitForBoot()
                let status = try await guest.status()
                #expect(hello.role == role?.rawValue && status.role == hello.role, "\(cut)")
                #expect(["default", "next", "pending"].contains(status.reason), "\(cut)")
                guard operation.isExpandable, environment.pending != nil else { return }
                try await guest.output(of: operation.command, within: .seconds(operation.limit))
                try await guest.restart()
                try await guest.waitForHealthy(role: .active)
                try await InstallTests.expectInstalled(guest)
            }
            Self.settings.tell("  booted \(role?.rawValue ?? "-") after \(cut)")
        }
    }

    private static func environment(
        of cut: PowerCut, on path: String, _ sweep: CutSweep
    ) async throws -> BootEnvironment {
        let disk = try ReplayedDisk(at: path, log: sweep.recording.log)
        try disk.bring(to: cut)
        let places = try await sweep.recording.places()
        return try await GrubView(disk: disk, places: places, digests: DigestCache()).bootEnvironment().environment
    }
}

extension PowerCutSettings {
    /// Runs the sweep, or looks at the one cut that is asked for.
    func run(_ sweep: CutSweep) async throws -> CutSweep.Result {
        guard let number = cut else { return try await sweep.run(sample: sample, workers: workers) }
        guard let cut = sweep.points.cut(number) else { throw MachineError("find cut \(number)", "there is none") }
        return CutSweep.Result(findings: try await sweep.look(at: [cut], workers: 1), boundaries: 0, seconds: 0)
    }

    /// The share of the cuts to boot that falls to an operation.
    func drawnBoots(of operation: PowerCutOperation, from points: CutPoints) -> [PowerCut] {
        let sound = operations.filter { operation in !PowerCutOperation.faulty.contains { $0.name == operation.name } }
        guard let place = sound.firstIndex(where: { $0.name == operation.name }), cut == nil else { return [] }
        let share = (boots * (place + 1)) / sound.count - (boots * place) / sound.count
        return points.sample(sample).shuffled(seed: seed).prefix(share).map(\.self)
    }

    /// Keeps disk and log, so that a cut can be looked at again.
    func keep(_ recording: PowerCutRecording, of operation: PowerCutOperation) throws {
        guard let keep, self.recording == nil else { return }
        let directory = "\(keep)/\(operation.name)"
        try? FileManager.default.removeItem(atPath: directory)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for file in ["base.raw", "writes.log"] {
            try FileManager.default.moveItem(atPath: "\(recording.directory)/\(file)", toPath: "\(directory)/\(file)")
        }
        tell("  kept in \(directory); again: LIFEBOOT_POWERCUT_RECORDING=\(directory) LIFEBOOT_POWERCUT_CUT=<number>")
    }
}

extension Array {
    fileprivate func shuffled(seed: UInt64) -> [Element] {
        var numbers = CutNumbers(seed: seed)
        return shuffled(using: &numbers)
    }
}
