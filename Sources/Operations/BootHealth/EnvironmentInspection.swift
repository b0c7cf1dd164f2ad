package import Faults
package import GrubEnvironment
import ImageModel
package import InstalledSystem
package import JSONText

/// What `lifeboot boot-env` shows and checks.
package struct EnvironmentInspection: Equatable, Sendable {
    /// Both copies as they were read.
    package var copies: EnvironmentCopies
    /// What can be said about them.
    package var facts: EnvironmentFacts

    /// Judges the copies.
    package init(_ copies: EnvironmentCopies) {
        self.copies = copies
        facts = EnvironmentFacts(copies)
    }

    /// Reads the copies.
    ///
    /// - Throws: `Refusal` when the boot partition cannot be read.
    package init(_ machine: borrowing some MachineAccess & ~Copyable) throws(Refusal) {
        do { self.init(try machine.environmentCopies()) } catch {
            throw Refusal(
                .impossible, "reading", "boot.env", because: error,
                remedy: "Check the boot partition; see `journalctl -k`.")
        }
    }

    /// What is wrong with the second copy, which only matters when the first is lost.
    private var backupProblem: String? {
        guard let bytes = copies.backup else { return "boot.bak is missing or cannot be read" }
        guard let backup = try? BootEnvironment.read(bytes).environment else { return "boot.bak cannot be used" }
        guard let first = facts.environment, backup != first, differsInImages(first, backup) else { return nil }
        return "boot.bak names other images than boot.env"
    }

    private func differsInImages(_ first: BootEnvironment, _ second: BootEnvironment) -> Bool {
        Role.allCases.contains { first.image(of: $0) != second.image(of: $0) }
    }

    /// Everything wrong, one line each; empty when both copies are sound.
    package var problems: [String] { facts.problems + [backupProblem].compactMap(\.self) }

    /// The same for programs.
    package var json: JSONValue {
        var variables = JSONObject()
        for variable in EnvironmentVariable.allCases {
            variables[variable.rawValue] = facts.environment.map { .string($0.text(of: variable)) } ?? .null
        }
        return [
            "format": .integer(1), "variables": .object(variables),
            "problems": .array(problems.map { .string($0) }),
        ]
    }
}

extension EnvironmentFacts {
    /// Applies a function to the environment that counts.
    package func map<Result>(_ body: (BootEnvironment) -> Result) -> Result? { environment.map(body) }
}
