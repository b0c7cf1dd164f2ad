package import ArgumentParser
import BootModel
package import CommandOutput
import DiskContract
import JSONText
import Plans
import SystemPackage
import TransactionPlanning
import Transactions

/// `lifeboot persistence`.
package struct PersistenceCommand: ParsableCommand {
    /// What `lifeboot persistence --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "persistence",
        abstract: "Show what persists and what of it hides the image's files; put the image's own back.",
        discussion: """
            A file that persists stays what it is when an upgrade brings another one. These verbs find such files and \
            give them up. docs/layout.md says how paths persist.
            """,
        subcommands: [Status.self, Difference.self, Reset.self])

    /// Takes no options of its own.
    package init() {}

    /// `lifeboot persistence status`.
    package struct Status: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Print the paths that persist, and how much differs from the image.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            Reads what both have, which takes a while where much persists. Must run as root.
            """,
            examples: [
                "See what persists":
                    "lifeboot persistence status"
            ])

        @Flag(help: "Print JSON (\"format\": 1; see docs/layout.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints them.
        package func perform(_ output: Output) throws {
            let operation = try PersistenceOperation(changes: false, observer: output.report)
            let (states, unused) = try operation.status()
            let document: JSONValue = [
                "format": 1, "paths": .array(states.map(\.json)), "unused": .array(unused.map { .string($0) }),
            ]
            output.show(document, lines: Self.lines(states, unused))
        }

        static func lines(_ states: [KeptState], _ unused: [String]) -> [String] {
            guard !states.isEmpty || !unused.isEmpty else { return ["No path persists."] }
            var table = TextTable(["PATH", "MODE", "DIFFERS FROM THE IMAGE", "MIB", "OLDER THAN IT"])
            for state in states { table.add(state.row) }
            let resets = states.flatMap { state in state.mark.paths.map { state.kept.place(of: $0) } }
            let remarks = states.flatMap { state in
                [state.problem].compactMap(\.self).map { "note: \(state.kept.path): \($0)" }
                    + (state.difference?.remarks ?? []).map { "note: \($0)" }
            }
            let hiding = states.flatMap { $0.difference?.hidingLines ?? [] }
            return (states.isEmpty ? [] : table.lines) + hiding + resets.map { "The next boot resets \($0)." }
                + unused.map { "Kept, but shown by no path: state/\($0) on the persistent partition." } + remarks
        }
    }

    /// `lifeboot persistence diff`.
    package struct Difference: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "diff", abstract: "Print what in a path that persists is not as the running image has it.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            Kind, content, mode and owner are compared. Content is never shown. Must run as root.
            """,
            examples: [
                "See what differs from the image":
                    "lifeboot persistence diff /etc"
            ])

        @Argument(
            help: ArgumentHelp("A path that persists, or something in one.", valueName: "path"), completion: .file())
        package var path: String

        @Option(help: ArgumentHelp("Name at most so many, and count the others.", valueName: "number"))
        package var limit = 1_000

        @Flag(help: "Print JSON (\"format\": 1; see docs/layout.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Prints them.
        package func perform(_ output: Output) throws {
            let operation = try PersistenceOperation(changes: false, observer: output.report)
            let difference = try operation.difference(of: path, limit: limit)
            output.show(Self.json(difference, of: path), lines: difference.lines)
        }

        /// The numbers, and the differences that are named.
        static func json(_ difference: KeptDifference, of path: String) -> JSONValue {
            var document = JSONObject([.init("format", 1), .init("path", .string(path))])
            for member in difference.numbers.members { document[member.name] = member.value }
            document["changes"] = .array(difference.changes.map(\.json))
            return .object(document)
        }
    }

    /// `lifeboot persistence reset`.
    package struct Reset: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "reset", abstract: "Put the running image's own back: what was changed there is lost.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            What lies in a path of mode bind is exchanged at once, in one step. Everything else is marked, and \
            the next boot does it: restart the machine then. Must run as root.
            """,
            examples: [
                "Put the image's own file back":
                    "lifeboot persistence reset /etc/ssh/sshd_config"
            ])

        @Argument(
            help: ArgumentHelp("A path that persists, or something in one.", valueName: "path"), completion: .file())
        package var path: String

        @Flag(help: "Leave as it is what the next boot would reset.")
        package var unschedule = false

        @Flag(help: "Print the steps, but carry out none.")
        package var dryRun = false

        @Flag(help: "Print JSON, one object a line (see docs/events.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Resets, or prints the steps.
        package func perform(_ output: Output) throws {
            let operation = try PersistenceOperation(changes: !dryRun, observer: output.report)
            let (plan, outcome) = try operation.reset(path, takesBack: unschedule, isDryRun: dryRun)
            if dryRun { return output.plans("persistence", [plan], nothing: Self.nothing) }
            guard let outcome else { return output.end(OperationResult("persistence", changed: false, Self.nothing)) }
            output.end(OperationResult("persistence", changed: true, sentence(plan), outcome))
        }

        private static let nothing = "Nothing to do."

        private func sentence(_ plan: Plan<PersistenceAction>) -> String {
            if unschedule { return "The next boot leaves \(plan.subject) as it is." }
            let isLater = plan.steps.contains { if case .writeMark = $0.action { true } else { false } }
            return isLater
                ? "The next boot resets \(plan.subject): restart the machine."
                : "\(plan.subject) is as the image has it. Programs that have it open see it when they open it anew."
        }
    }
}

extension KeptState {
    /// The path for a table: place, mode, differences, size and how many are older than the image.
    var row: [String] {
        let size = difference.map { String(($0.bytes + (1 << 20) - 1) >> 20) } ?? ""
        let older = difference.map { String($0.older) } ?? ""
        return [kept.path.string, kept.mode.rawValue, difference?.summary ?? "could not be compared", size, older]
    }

    /// `path`, `mode`, the numbers of the difference, `atNextBoot`, `problem`.
    var json: JSONValue {
        var object = JSONObject([
            .init("path", .string(kept.path.string)), .init("mode", .string(kept.mode.rawValue)),
        ])
        for member in (difference ?? KeptDifference(limit: 0)).numbers.members { object[member.name] = member.value }
        object["atNextBoot"] = .array(mark.paths.map { .string(kept.place(of: $0).string) })
        object["problem"] = problem.map { .string($0) } ?? .null
        return .object(object)
    }
}
