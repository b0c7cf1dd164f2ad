import BootModel
import GrubEnvironment
import ImageModel
import JSONText
import TestMachines
import Testing

@testable import BootHealth

@Suite("Ending a boot that is not healthy")
struct BootJudgeTests {
    /// Asks with a verdict of mark-good, nil when it never ran.
    private func decide(
        _ occasion: BootJudge.Occasion, _ verdict: HealthVerdict?, in machine: FakeMachine = FakeMachine()
    ) throws -> BootJudge.Decision {
        var machine = machine
        if let verdict {
            machine.files[HealthReport.file] =
                HealthReport(verdict, rebootHelps: true, saving: .saved).json.serialized()
        }
        if verdict == .good { machine.files[HealthReport.stamp] = [0x31] }
        return try BootJudge.decide(occasion, machine)
    }

    @Test(
        "Every verdict on every occasion",
        arguments: [
            (.failure, nil, true), (.failure, .checking, false), (.failure, .good, false), (.failure, .unhealthy, true),
            (.failure, .unchecked, false), (.failure, .unsaved, false),
            (.deadline, nil, true), (.deadline, .checking, true), (.deadline, .good, false),
            (.deadline, .unhealthy, true),
            (.deadline, .unchecked, true), (.deadline, .unsaved, false),
        ] as [(BootJudge.Occasion, HealthVerdict?, Bool)])
    func verdicts(occasion: BootJudge.Occasion, verdict: HealthVerdict?, reboots: Bool) throws {
        let isReboot = if case .reboot = try decide(occasion, verdict) { true } else { false }
        #expect(isReboot == reboots)
    }

    @Test(
        "Nothing reboots an uncounted boot, recovery, or a system that GRUB did not start",
        arguments: [
            "lifeboot.role=active lifeboot.image=aaaaaaaaaaaaaaaa lifeboot.reason=default lifeboot.tries=uncounted",
            "lifeboot.role=active lifeboot.image=aaaaaaaaaaaaaaaa lifeboot.reason=menu lifeboot.tries=uncounted",
            "lifeboot.role=recovery lifeboot.image=cccccccccccccccc lifeboot.reason=fallback lifeboot.tries=2",
            "root=/dev/sda1",
        ])
    func neverReboots(line: String) throws {
        var machine = FakeMachine()
        machine.line = line
        for occasion in BootJudge.Occasion.allCases {
            for verdict in [nil, HealthVerdict.unhealthy, .unchecked, .checking] {
                let isStay = if case .stay = try decide(occasion, verdict, in: machine) { true } else { false }
                #expect(isStay)
            }
        }
    }

    @Test("An attempt that GRUB could not write down makes a loop, so the machine stays up")
    func unsavedAttempt() throws {
        var machine = FakeMachine()
        machine.edit { $0.setTries(3, of: .active) }
        let isStay = if case .stay = try decide(.deadline, nil, in: machine) { true } else { false }
        #expect(isStay)
    }

    @Test("The history says why, and a verdict that is there stays")
    func history() throws {
        var machine = FakeMachine()
        try BootJudge.record("boot-complete.target was not reached", &machine)
        #expect(machine.records.map(\.cause) == ["boot-complete.target was not reached"])
        try BootJudge.record("something else", &machine)
        #expect(machine.records.count == 1)
    }
}
