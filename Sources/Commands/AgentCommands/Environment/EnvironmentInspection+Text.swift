import BootHealth
import CommandOutput
import GrubEnvironment
import InstalledSystem

extension EnvironmentInspection {
    /// The variables as GRUB would take them, then what is wrong.
    var lines: [String] {
        let variables = facts.environment.map { environment in
            EnvironmentVariable.allCases.map { "\($0.rawValue)=\(environment.text(of: $0))" }
        }
        return (variables ?? []) + problems.flatMap { TextTable.wrapped($0, lead: "problem:", hanging: 9) }
    }
}
