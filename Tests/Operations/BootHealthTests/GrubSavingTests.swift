import BootModel
import GrubEnvironment
import JSONText
import TestMachines
import Testing

@testable import BootHealth

@Suite("Whether GRUB could save")
struct GrubSavingTests {
    @Test(
        "What GRUB passed is compared with what is written",
        arguments: [
            ("lifeboot.role=active lifeboot.tries=2 lifeboot.reason=default", "saved"),
            ("lifeboot.role=active lifeboot.tries=1 lifeboot.reason=default", "failed"),
            ("lifeboot.role=active lifeboot.tries=3 lifeboot.reason=default", "failed"),
            ("lifeboot.role=active lifeboot.tries=uncounted lifeboot.reason=default", "failed"),
            ("lifeboot.role=active lifeboot.tries=uncounted lifeboot.reason=menu", "not-tried"),
            ("lifeboot.role=active lifeboot.tries=uncounted lifeboot.reason=rescue", "not-tried"),
            ("lifeboot.role=passive lifeboot.tries=uncounted lifeboot.reason=rescue", "not-tried"),
            ("lifeboot.role=recovery lifeboot.tries=uncounted lifeboot.reason=rescue", "failed"),
            ("quiet", "unknown"),
        ])
    func compares(line: String, state: String) {
        let parameters = BootParameters(KernelCommandLine(parsing: line))
        let saving = GrubSaving(parameters, FakeMachine.environment)
        #expect(saving.json["state"]?.text == state)
        #expect(GrubSaving(json: saving.json) == saving)
    }

    @Test("A boot environment that cannot be read leaves it unknown")
    func unknown() {
        let line = "lifeboot.role=active lifeboot.tries=2 lifeboot.reason=default"
        let saving = GrubSaving(BootParameters(KernelCommandLine(parsing: line)), nil)
        #expect(saving.json["state"]?.text == "unknown")
    }
}
