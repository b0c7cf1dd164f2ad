import Foundation
import GrubEnvironment

/// Looks at every cut of a recording, with several disks at a time.
struct CutSweep: Sendable {
    /// What came out.
    struct Result: Sendable {
        let findings: [CutInspection.Finding]
        let boundaries: Int
        let seconds: Double

        /// The findings with something wrong.
        var failures: [CutInspection.Finding] { findings.filter { !$0.problems.isEmpty } }
    }

    let recording: PowerCutRecording
    /// A directory of trusted keys.
    let keys: String
    let seed: UInt64

    /// The cuts of the recording.
    var points: CutPoints { CutPoints(of: recording.log, in: recording.window, seed: seed) }

    /// Looks at all cuts at flushes and at `sample` drawn ones.
    func run(sample: Int, workers: Int) async throws -> Result {
        let start = ContinuousClock.now
        let points = points
        let boundaries = points.flushBoundaries
        let findings = try await look(at: boundaries + points.sample(sample), workers: workers)
        return Result(
            findings: await promised(findings), boundaries: boundaries.count,
            seconds: Double((ContinuousClock.now - start).components.seconds))
    }

    /// Looks at cuts in the order of the log: each worker takes every n-th.
    func look(at cuts: [PowerCut], workers: Int) async throws -> [CutInspection.Finding] {
        let ordered = cuts.sorted { ($0.durable, $0.end, $0.number) < ($1.durable, $1.end, $1.number) }
        return try await withThrowingTaskGroup(of: [CutInspection.Finding].self) { group in
            for worker in 0..<min(workers, max(1, ordered.count)) {
                let share = stride(from: worker, to: ordered.count, by: workers).map { ordered[$0] }
                group.addTask { try await findings(at: share) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func findings(at cuts: [PowerCut]) async throws -> [CutInspection.Finding] {
        try await withScratchDirectory { scratch in
            let inspection = try await CutInspection(of: recording, keys: keys, scratch: scratch)
            var findings: [CutInspection.Finding] = []
            for cut in cuts { findings.append(try await inspection.finding(at: cut)) }
            return findings
        }
    }

    /// After the operation said that it is done, its result must be there, whatever the power does.
    private func promised(_ findings: [CutInspection.Finding]) async -> [CutInspection.Finding] {
        guard let done = recording.entry(of: .done),
            let last = findings.max(by: { ($0.cut.durable, $1.cut.number) < ($1.cut.durable, $0.cut.number) }),
            let final = last.environment
        else { return findings }
        return findings.map { finding in
            guard finding.cut.end > done, let environment = finding.environment, environment != final else {
                return finding
            }
            let problem = "the operation had said that it was done, but boot.env is as before"
            return CutInspection.Finding(
                cut: finding.cut, problems: finding.problems + [problem], environment: environment)
        }
    }
}
