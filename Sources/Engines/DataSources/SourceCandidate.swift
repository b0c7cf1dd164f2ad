import LinuxSystem

/// One place where the data of this instance may be, and how to look there.
struct SourceCandidate: Sendable {
    /// What looking there gives: nil when there is nothing, which is no fault.
    typealias Outcome = Result<DataSourceFinding?, DataSourceError>

    /// What messages call it.
    let name: String
    /// Whether it is only there when there is a network.
    let needsNetwork: Bool
    /// Looks, until the deadline at most.
    let look: @Sendable (Deadline) -> Outcome

    init(
        _ name: String, needsNetwork: Bool = false,
        _ look: @escaping @Sendable (Deadline) throws(DataSourceError) -> DataSourceFinding?
    ) {
        self.name = name
        self.needsNetwork = needsNetwork
        self.look = { deadline in Result { () throws(DataSourceError) in try look(deadline) } }
    }

    /// Whether an outcome is data.
    static func isAnswer(_ outcome: Outcome) -> Bool { if case .success(.some) = outcome { true } else { false } }
}
