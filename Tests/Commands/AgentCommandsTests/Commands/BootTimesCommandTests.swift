import CommandOutput
import Faults
import SystemPackage
import Testing

@testable import AgentCommands

@Suite("lifeboot boot-times")
struct BootTimesCommandTests {
    @Test("where nobody tells anything it says so, and why, and could not find out")
    func nobody() {
        let refusal = Refusal.noTimes(["a: b.", "c: d."])
        #expect(
            "\(refusal)"
                == "measuring this boot: nobody tells its times: a: b. c: d. Run this in a system that systemd has started."
        )
        #expect(AgentExit(refusal.kind) == .undetermined)
    }
}
