import CommandOutput
import Faults
import Transactions

extension ReportedFailure {
    /// Words any error of the agent, with the status of the reason behind it.
    init(_ error: any Error) {
        let kind = RefusalKind(error)
        self.init(error, kind: kind, status: AgentExit(kind).rawValue)
        guard let failure = error as? TransactionFailure else { return }
        (operation, subject) = (failure.kind.operation, "step \(failure.kind.step)")
    }
}
