import BootModel
import ImageModel
import JSONText
import Plans
import SystemPackage
import Testing

@testable import BootExecution

@Suite("Boot sequence")
struct BootSequenceTests {
    static func parameters(_ role: Role) -> BootParameters {
        BootParameters(
            KernelCommandLine(
                parsing: "lifeboot.role=\(role.rawValue) lifeboot.image=0123456789abcdef lifeboot.boot=PARTUUID=aa "
                    + "lifeboot.tries=2"))
    }

    @Test("a boot in which nothing fails runs every step and undoes nothing", arguments: Role.allCases)
    func succeeds(role: Role) {
        var effects = RecordingEffects(parameters: Self.parameters(role))
        let report = BootSequence().run(&effects)
        #expect(report.failure == nil)
        #expect(effects.undone.isEmpty)
        #expect(report.steps.allSatisfy { $0.step.outcome == .done })
        #expect(report.imageName == "test 1" && report.notes == ["passed over"])
        #expect(Set(report.steps.map(\.phase)) == Set(BootPhase.planned))
    }

    @Test("a machine that has only its kernel loads drivers before all else, and undoes none of it")
    func startsMachine() {
        var effects = RecordingEffects(parameters: Self.parameters(.active), startsMachine: true)
        let report = BootSequence().run(&effects)
        #expect(report.failure == nil && report.planning.map(\.phase) == BootPhase.allCases)
        #expect(report.steps.first?.step.step == "follow-devices")
        #expect(
            report.steps.filter { $0.phase == .machine }.dropFirst().map(\.step.subject) == [
                "loop", "dm_mod", "dm_verity", "squashfs", "overlay",
            ])
    }

    @Test(
        "whichever step fails, the report names it and everything before it is undone in reverse, noted or not",
        arguments: Role.allCases, [false, true])
    func faultSweep(role: Role, isNoting: Bool) {
        var clean = RecordingEffects(parameters: Self.parameters(role))
        let steps = BootSequence().run(&clean).steps
        #expect(steps.count > 10)
        for index in steps.indices {
            var effects = RecordingEffects(parameters: Self.parameters(role), failAt: index, isNoting: isNoting)
            let report = BootSequence().run(&effects)
            if report.steps[index].step.outcome == .failedOptional {
                #expect(report.failure == nil && effects.undone.isEmpty)
                #expect(report.steps[index].step.message?.contains("injected (going on: ") == true)
                continue
            }
            #expect(report.failure?.step == steps[index].step.step)
            #expect(report.failure?.subject == steps[index].step.subject)
            #expect(report.failure?.cause == "injected")
            #expect(report.steps.count == index + 1)
            let expected = (0..<index).reversed().flatMap { number in
                ["a", "b"].map { UndoAction.unmount(FilePath("/\(number)/\($0)")) }
            }
            #expect(effects.undone == expected)
        }
    }

    @Test("the report says how long each phase took to plan, looking at the machine included")
    func planning() {
        var effects = RecordingEffects(parameters: Self.parameters(.active))
        let report = BootSequence().run(&effects)
        #expect(report.planning.map(\.phase) == BootPhase.planned)
        #expect(report.planning.map(\.microseconds) == [0, 0, 70, 0])
        #expect(report.json["planning"]?.elements?[2]["microseconds"] == .integer(70))
    }

    @Test("the report says when each phase and each step of it began")
    func beginnings() {
        var effects = RecordingEffects(parameters: Self.parameters(.active))
        let report = BootSequence().run(&effects)
        let before = Int64(report.steps.count { $0.phase == .root || $0.phase == .configuration }) * 1000
        #expect(report.planning[2].started == before && report.planning[0].started == 0)
        #expect(report.json["planning"]?.elements?[2]["startedMicroseconds"] == .integer(before))
        #expect(
            report.steps.map(\.step.started)
                == report.steps.indices.map { Int64($0) * 1000 + ($0 * 1000 < before ? 0 : 70) })
        #expect(report.json["steps"]?.elements?[1]["startedMicroseconds"] == 1000)
        #expect(report.json["initMicroseconds"] == .null)
    }

    @Test("a fault while unwinding is logged and the rest is still undone")
    func unwindsOn() {
        var effects = RecordingEffects(parameters: Self.parameters(.active), failAt: 6, failUndo: true)
        _ = BootSequence().run(&effects)
        #expect(effects.undone.count == 12)
        #expect(effects.lines.all.count { $0.hasPrefix("unwinding") } == 12)
    }

    @Test("a command line that plans nothing fails the boot with the reason")
    func noPlan() {
        var effects = RecordingEffects()
        let report = BootSequence().run(&effects)
        #expect(report.failure?.step == "plan")
        #expect(effects.performed.isEmpty)
    }
}
