import BootModel
import ImageModel
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
        var effects = RecordingEffects()
        let report = BootSequence().run(Self.parameters(role), &effects)
        #expect(report.failure == nil)
        #expect(effects.undone.isEmpty)
        #expect(report.steps.allSatisfy { $0.outcome == .done })
        #expect(report.imageName == "test 1")
        #expect(Set(report.steps.map(\.phase)) == Set(BootPhase.allCases))
    }

    @Test(
        "whichever step fails, the report names it and everything before it is undone in reverse",
        arguments: Role.allCases)
    func faultSweep(role: Role) {
        var clean = RecordingEffects()
        let steps = BootSequence().run(Self.parameters(role), &clean).steps
        #expect(steps.count > 10)
        for index in steps.indices {
            var effects = RecordingEffects(failAt: index)
            let report = BootSequence().run(Self.parameters(role), &effects)
            if report.steps[index].outcome == .failedOptional {
                #expect(report.failure == nil && effects.undone.isEmpty)
                #expect(report.steps[index].message?.contains("injected (going on: ") == true)
                continue
            }
            #expect(report.failure?.step == steps[index].kind.rawValue)
            #expect(report.failure?.subject == steps[index].subject)
            #expect(report.failure?.cause == "injected")
            #expect(report.steps.count == index + 1)
            let expected = (0..<index).reversed().flatMap { number in
                ["a", "b"].map { UndoAction.unmount(FilePath("/\(number)/\($0)")) }
            }
            #expect(effects.undone == expected)
        }
    }

    @Test("a fault while unwinding is logged and the rest is still undone")
    func unwindsOn() {
        var effects = RecordingEffects(failAt: 6, failUndo: true)
        _ = BootSequence().run(Self.parameters(.active), &effects)
        #expect(effects.undone.count == 12)
        #expect(effects.lines.all.count { $0.hasPrefix("unwinding") } == 12)
    }

    @Test("a command line that plans nothing fails the boot with the reason")
    func noPlan() {
        var effects = RecordingEffects()
        let report = BootSequence().run(BootParameters(), &effects)
        #expect(report.failure?.step == "plan")
        #expect(effects.performed.isEmpty)
    }
}
