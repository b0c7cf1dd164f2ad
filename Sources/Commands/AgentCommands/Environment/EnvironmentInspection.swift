import GrubEnvironment
import ImageModel
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
    /// - Throws: `CommandFailure` when the boot partition cannot be read.
    package init(_ machine: some MachineAccess) throws(CommandFailure) {
        do { self.init(try machine.readEnvironment()) } catch {
            throw CommandFailure(
                "reading", "boot.env", cause: "\(error)", remedy: "Check the boot partition; see `journalctl -k`.")
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

    /// The variables as GRUB would take them, then what is wrong.
    package var lines: [String] {
        let variables = facts.environment.map { environment in
            EnvironmentVariable.allCases.map { "\($0.rawValue)=\(environment.text(of: $0))" }
        }
        return (variables ?? []) + problems.flatMap { TextTable.wrapped($0, lead: "problem:", hanging: 9) }
    }

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
    func map<Result>(_ body: (BootEnvironment) -> Result) -> Result? { environment.map(body) }
}
