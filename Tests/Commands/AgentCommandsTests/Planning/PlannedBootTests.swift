import BootModel
import Faults
import JSONText
import OutputSchemas
import Plans
import Snapshots
import SystemLayout
import SystemPackage
import Testing

@testable import AgentCommands

@Suite("plan")
struct PlannedBootTests {
    private let line = KernelCommandLine(
        parsing: "lifeboot.role=active lifeboot.image=0123456789abcdef "
            + "lifeboot.boot=PARTUUID=11111111-2222-3333-4444-555555555555 lifeboot.tries=2 panic=5")

    @Test("A plan says what each step is for and when it is optional")
    func text() throws {
        try Snapshot.check(try PlannedBoot(line, existing: ["/etc", "/var"]).lines, "plan-active")
    }

    @Test("The JSON form has every step with its requirement")
    func json() throws {
        let planned = try PlannedBoot(line)
        try OutputSchema.check(planned.json, "plan")
        let steps = planned.json["steps"]?.elements ?? []
        #expect(steps.count == planned.plans.flatMap(\.steps).count)
        #expect(steps.first?["step"]?.text == "arm-watchdog")
        #expect(steps.first?["required"]?.bool == false)
        #expect(steps.first?["optionalBecause"]?.text == "not every machine has one")
    }

    @Test("Words that are not understood are named")
    func problems() throws {
        let line = KernelCommandLine(
            parsing:
                "lifeboot.role=active lifeboot.image=0123456789abcdef lifeboot.boot=PARTUUID=1 lifeboot.watchdog=soon")
        #expect(try PlannedBoot(line).lines.contains { $0.hasPrefix("problem: lifeboot.watchdog=soon") })
    }

    @Test("A command line that names no role cannot be planned", arguments: ["quiet", "lifeboot.role=active"])
    func refused(text: String) {
        #expect(throws: Refusal.self) { try PlannedBoot(KernelCommandLine(parsing: text)) }
    }
}
