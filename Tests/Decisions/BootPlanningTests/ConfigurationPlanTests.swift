import BootModel
import BootPlanning
import DiskContract
import Plans
import SystemPackage
import Testing

@Suite("Configuration plan")
struct ConfigurationPlanTests {
    private static func subjects(_ words: String) throws -> [String] {
        let parameters = BootParameters(KernelCommandLine(parsing: "lifeboot.role=active \(words)"))
        return try BootPlan.configuration(ConfigurationFacts(parameters: parameters)).steps.map(\.action.subject)
    }

    @Test(
        "units are told when the command line names files of configuration",
        arguments: [("", false), ("lifeboot.setup=/x.yaml", true), ("cos.setup=http://h/a?b=c", true)])
    func setup(words: String, isTold: Bool) throws {
        #expect(try Self.subjects(words).contains { $0 == MachinePaths.setupAsked.string } == isTold)
    }
}
