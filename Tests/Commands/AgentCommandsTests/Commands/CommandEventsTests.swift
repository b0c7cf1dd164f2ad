import ArgumentParser
import BootHealth
import CommandOutput
import Faults
import GrubEnvironment
import ImageModel
import JSONText
import OutputSchemas
import SystemPackage
import TestMachines
import Testing
import Transactions

@testable import AgentCommands

@Suite("Events of the commands")
struct CommandEventsTests {
    var machine = FakeMachine()

    @Test("what changes something takes --json and --dry-run")
    func options() throws {
        for arguments in [
            ["upgrade"], ["rollback"], ["reset"], ["install", "/dev/vda"], ["mark-good"], ["switch", "passive"],
            ["boot-env", "repair"], ["grub"], ["grow"], ["upgrade-recovery"], ["image", "pull", "dir:/x", "/y"],
        ] {
            let command = try AgentCommand.parseAsRoot(arguments + ["--json", "--dry-run"])
            #expect((command as? any AgentVerb)?.json == true, "\(arguments)")
        }
    }

    @Test("a switch says what changes and what to know, as a plan and as its end")
    func roles() throws {
        let facts = try StatusFacts(gathering: machine, command: "switch")
        let change = try RoleSwitch(facts, to: .passive, once: false, isForced: false)
        #expect(change.members == ["changes": ["default: active -> passive"], "warnings": []])
        #expect(change.result([]).isChanged && change.result([]).details["changes"] == ["default: active -> passive"])
        let same = try RoleSwitch(facts, to: .recovery, once: true, isForced: false)
        #expect(same.result([]).isChanged && same.lines == ["next: - -> recovery"])
    }

    @Test("a switch to what is so already changes nothing")
    mutating func unchanged() throws {
        machine.edit { $0.setTries(3, of: .active) }
        let facts = try StatusFacts(gathering: machine, command: "switch")
        let change = try RoleSwitch(facts, to: .active, once: false, isForced: false)
        #expect(!change.result([]).isChanged && change.result([]).message == "Nothing to change.")
    }

    @Test("a repair says what was wrong and every variable that it writes")
    mutating func repair() throws {
        let nothing = try RepairedEnvironment(machine)
        #expect(!nothing.outcome([]).isChanged && nothing.members == ["changes": [], "variables": .null])
        machine.backup = nil
        let repaired = try RepairedEnvironment(machine)
        let outcome = repaired.outcome(["careful"])
        #expect(outcome.isChanged && outcome.warnings == ["careful"])
        #expect(repaired.members["changes"] == ["boot.bak is missing or cannot be read"])
        #expect(repaired.members["variables"]?["active"]?.text == "aaaaaaaaaaaaaaaa")
    }

    @Test("the end of mark-good has all that health.json has")
    func health() throws {
        var report = HealthReport(.good, rebootHelps: true, saving: .saved)
        report.notes = ["careful"]
        let result = MarkGoodCommand.result(of: report)
        #expect(!result.isChanged && result.message == "This system is healthy." && result.notes == ["careful"])
        #expect(result.details == report.json.object)
        try OutputSchema.check(report.json, "health")
        report.changes = ["tries: 2 -> 3"]
        #expect(MarkGoodCommand.result(of: report).isChanged)
    }

    @Test("an error of this program keeps its parts, its reason and its status")
    func failures() {
        let refused = ReportedFailure(
            Refusal(.unbootable, "switching to", "passive", cause: "no image", remedy: "See status."))
        #expect(refused.status == 4 && refused.kind == .unbootable && refused.operation == "switching to")
        let busy = ReportedFailure(Refusal(.busy, "locking", "x", cause: "it is held", remedy: "Wait."))
        #expect(busy.status == 23 && busy.kind == .busy && busy.subject == "x" && busy.cause == "it is held")
        let below = Refusal(.unreachable, "asking", "it", cause: "no", remedy: "Wait.")
        let step = ReportedFailure(
            TransactionFailure(
                operation: "upgrade", step: "fetch-image", because: below, remedy: "Try again."))
        #expect(step.status == 21 && step.subject == "step fetch-image" && step.remedy == "Try again.")
        #expect(step.operation == "upgrade" && step.cause == "asking it: no. Wait.")
        #expect(step.message == "upgrade, step fetch-image: asking it: no. Wait. Try again.")
        let other = ReportedFailure(Errno.ioError)
        #expect(other.status == 2 && other.operation == nil && other.message == "Input/output error")
    }

    @Test("a result that was lost is among what could not be written")
    func lost() { #expect(ExitStatus.undetermined == AgentExit.undetermined.rawValue) }
}
