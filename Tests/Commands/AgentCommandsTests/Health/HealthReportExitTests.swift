import BootHealth
import Testing

@testable import AgentCommands

@Suite("What mark-good ends with")
struct HealthReportExitTests {
    @Test(
        "each verdict has its status, and an unhealthy one says whether a reboot helps",
        arguments: [
            (HealthVerdict.good, true, AgentExit.success), (.good, false, .success), (.unhealthy, true, .negative),
            (.unhealthy, false, .negativeWithoutReboot), (.unchecked, true, .undetermined),
            (.unsaved, true, .undetermined),
            (.checking, true, .undetermined),
        ])
    func status(_ verdict: HealthVerdict, _ rebootHelps: Bool, _ status: AgentExit) {
        #expect(HealthReport(verdict, rebootHelps: rebootHelps, saving: .saved).exitStatus == status)
    }
}
