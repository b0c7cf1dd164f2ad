import Faults
import InstalledSystem
import Testing

@testable import AgentCommands

@Suite("Exit statuses")
struct AgentExitTests {
    @Test("each reason has a status of its own, named as it is")
    func reasons() {
        let statuses = RefusalKind.allCases.map { AgentExit($0) }
        #expect(Set(statuses).count == statuses.count)
        for kind in RefusalKind.allCases where kind != .impossible && kind != .unbootable {
            #expect("\(AgentExit(kind))" == "\(kind)")
        }
    }

    @Test("what has no status of its own is undetermined, and what would not boot is refused")
    func others() {
        #expect(AgentExit(RefusalKind.impossible) == .undetermined)
        #expect(AgentExit(RefusalKind.unbootable) == .refused)
        #expect(AgentExit(RefusalKind(Refusal.notRoot("switch"))) == .undetermined)
    }
}
