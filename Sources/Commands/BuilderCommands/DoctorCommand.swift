import ArgumentParser
import BuildPlanning
import CommandOutput
import JSONText
import PackageBuilding

/// Says what this machine lacks for building: `boatyard doctor`.
struct DoctorCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is missing on this machine for building.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Looks for programs and for what a user needs to build packages without root, and says how to get what is \
        missing, in one command for Debian.
        """,
        statuses: [
            0: "nothing is missing",
            1: "something is",
            2: "it could not be found out",
        ],
        examples: [
            "See what is missing for building images":
                "boatyard doctor"
        ])

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("What is to be built: package, image, disk or iso (default: all).", valueName: "work"))
    var works: [HostNeeds.Work] = []
    @Flag(help: "Print what is missing as JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let needs = HostNeeds(for: works.isEmpty ? HostNeeds.Work.allCases : works, try HostFacts.gather())
        output.show(Self.json(needs), lines: Self.lines(needs))
        if !needs.isMet { throw ExitCode(ExitStatus.negative) }
    }

    /// What is missing, a line each, then how to get it.
    static func lines(_ needs: HostNeeds) -> [String] {
        guard !needs.isMet else { return ["Nothing is missing."] }
        let programs = needs.programs.map { program in
            "\(program.name) is missing: it \(program.purpose), for \(program.works.map(\.rawValue).joined(separator: ", "))"
        }
        return programs + needs.others + (needs.installation.map { ["Run as root: \($0)"] } ?? [])
    }

    static func json(_ needs: HostNeeds) -> JSONValue {
        [
            "missing": .array(
                needs.programs.map { ["program": .string($0.name), "package": .string($0.source)] }),
            "others": .array(needs.others.map { .string($0) }),
            "installation": needs.installation.map { .string($0) } ?? .null,
        ]
    }
}

extension HostNeeds.Work: ExpressibleByArgument {}
