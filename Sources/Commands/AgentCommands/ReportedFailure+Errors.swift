import CommandOutput
import ReleaseModel
import Transactions

extension ReportedFailure {
    /// Words any error of the agent; what its type does not tell apart stays one text.
    init(_ error: any Error) {
        let kind = RefusalKind(error)
        self.init("\(error)", kind: kind, status: AgentExit(kind).rawValue)
        switch error {
        case let failure as CommandFailure:
            status = failure.status.rawValue
            (operation, subject) = (failure.operation, failure.subject)
            (cause, remedy) = (failure.cause, failure.remedy)
        case let refusal as Refusal:
            (operation, subject) = (refusal.operation, refusal.subject)
            (cause, remedy) = (refusal.cause, refusal.remedy)
        case let failure as TransactionFailure:
            (operation, subject) = (failure.operation, "step \(failure.step)")
            (cause, remedy) = (failure.cause, failure.remedy)
        default: break
        }
    }
}
