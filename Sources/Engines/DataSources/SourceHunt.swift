import Faults
import LinuxSystem

/// Goes through candidates in their order, local ones one by one and those on the network beside each other.
struct SourceHunt {
    private let candidates: [SourceCandidate]
    private let limits: DataSourceLimits
    var remarks: [String] = []
    /// Remarks on what is there and could not be looked at.
    var unseen: [String] = []

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
                case .failure(let error): note(candidate, error.cause, isThere: error.kind != .absent)
                case nil: note(candidate, "it did not answer in time", isThere: true)
                }
            }
        } catch { remarks.append("sources cannot be asked: \(error)") }
        return nil
    }

    /// A server may be anybody's, or not be there; a volume with the label is meant for this machine.
    private mutating func note(_ candidate: SourceCandidate, _ cause: String, isThere: Bool) {
        remarks.append("\(candidate.name): \(cause)")
        if isThere, !candidate.needsNetwork { unseen.append("\(candidate.name): \(cause)") }
    }

    private func told(_ finding: DataSourceFinding, _ scope: DataSourceSearch.Scope) -> DataSourceFinding {
        var finding = finding
        finding.remarks = remarks + finding.remarks
        finding.unseen = unseen
        if scope == .local { finding.later = candidates.filter(\.needsNetwork).map(\.name) }
        return finding
    }
}
