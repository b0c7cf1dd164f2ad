import BootModel
import ImageModel
import InstalledSystem
import TestMachines
import Testing

@testable import BootHealth

@Suite("Recording a boot")
struct BootRecorderTests {
    @Test("A boot is recorded once, and a verdict is not taken back")
    func once() throws {
        var machine = FakeMachine()
        #expect(try BootRecorder.recordBoot(&machine))
        #expect(try !BootRecorder.recordBoot(&machine))
        _ = try GoodMarker(try BootParameters(machine), timeout: 1, isDryRun: false).run(&machine)
        #expect(try !BootRecorder.recordBoot(&machine))
        #expect(machine.records.map(\.outcome) == [.booted, .healthy])
        #expect(BootRecord.merged(machine).boots.count == 1)
    }

    @Test("A fallback is recorded with why the first choice did not boot, and the verdict keeps it")
    func fallback() throws {
        var machine = FakeMachine()
        machine.line =
            "lifeboot.role=passive lifeboot.image=bbbbbbbbbbbbbbbb lifeboot.boot=PARTUUID=1234 "
            + "lifeboot.reason=fallback lifeboot.tries=2"
        machine.stored[0].bootFaults = ["initrd.img has 10 bytes instead of 20"]
        try BootRecorder.recordBoot(&machine)
        let cause = "active: GRUB passes over it: initrd.img has 10 bytes instead of 20"
        #expect(machine.records.first?.cause == cause)
        _ = try GoodMarker(try BootParameters(machine), timeout: 1, isDryRun: false).run(&machine)
        #expect(machine.records.last?.outcome == .healthy)
        #expect(machine.records.last?.cause == cause)
    }

    @Test("Without the state partition recovery's ring is used")
    func otherRing() throws {
        var machine = FakeMachine()
        machine.unreadable = ["state", "state-write"]
        try BootRecorder.recordBoot(&machine)
        #expect(BootRecord.merged(machine).boots.count == 1)
        #expect(BootRecord.merged(machine).problems.count == 1)
    }
}
