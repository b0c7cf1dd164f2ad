import Faults
import LinuxSystem

/// Goes through candidates in their order, local ones one by one and those on the network beside each other.
struct SourceHunt {
    private let candidates: [SourceCandidate]
    private let limits: DataSourceLimits
    var remarks: [String] = []

    init(_ candidates: [SourceCandidate], _ limits: DataSourceLimits) {
        self.candidates = candidates
        self.limits = limits
    }

    /// The finding that counts, with all that is worth knowing about those that do not.
    mutating func run(_ scope: DataSourceSearch.Scope) -> DataSourceFinding {
        let first = candidates.firstIndex { scope == .all && $0.needsNetwork } ?? candidates.endIndex
        let near = candidates[..<first].filter { !$0.needsNetwork }
        let end = Deadline.after(limits.localTime)
        for candidate in near {
            if let finding = ask([candidate], end) { return told(finding, scope) }
        }
        let finding = ask(Array(candidates[first...]), .after(limits.networkTime))
        return told(finding ?? DataSourceFinding(), scope)
    }

    /// The first answer of some candidates.
    private mutating func ask(_ some: [SourceCandidate], _ deadline: Deadline) -> DataSourceFinding? {
        let works = some.map { candidate -> @Sendable () -> SourceCandidate.Outcome in
            { candidate.look(deadline) }
        }
        do throws(SystemError) {
            let outcomes = try OrderedRace.run(works, until: deadline, isAnswer: SourceCandidate.isAnswer)
            for (candidate, outcome) in zip(some, outcomes) {
                switch outcome {
                case .success(let finding?): return finding
                case .success(nil): break
                case .failure(let error): remarks.append("\(candidate.name): \(error.cause)")
                case nil: remarks.append("\(candidate.name): it did not answer in time")
                }
            }
        } catch { remarks.append("sources cannot be asked: \(error)") }
        return nil
    }

    private func told(_ finding: DataSourceFinding, _ scope: DataSourceSearch.Scope) -> DataSourceFinding {
        var finding = finding
        finding.remarks = remarks + finding.remarks
        if scope == .local { finding.later = candidates.filter(\.needsNetwork).map(\.name) }
        return finding
    }
}
