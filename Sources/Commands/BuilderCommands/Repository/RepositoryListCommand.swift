import ArgumentParser
import CommandOutput
import Faults
import JSONText
import PackageModel
import PackageRepositories
import RepositoryPlanning

/// Lists packages: `boatyard repository list`.
struct RepositoryListCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the packages of a repository.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The highest version of each package, without those that are hidden.
        """,
        statuses: [
            0: "listed",
            2: "it could not be found out",
        ],
        examples: [
            "List the packages":
                "boatyard repository list oci://registry.example/packages --key lifeboot.pub"
        ])

    @OptionGroup
    var reading: RepositoryReadingOptions
    @Flag(help: "Every version.")
    var versions = false
    @Flag(help: "Hidden packages as well.")
    var hidden = false
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        var target = try reading.target()
        let opened = try reading.open(&target, output)
        let shown = opened.packages.filter { hidden || !$0.metadata.isHidden }
        PackageTable.show(versions ? shown : PackageQuery.newest(shown), of: opened, output)
    }
}

/// Looks for packages: `boatyard repository search`.
struct RepositorySearchCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Look for packages by words in their names, descriptions and labels.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        A package is found when every word is in it, whatever its case.
        """,
        statuses: [
            0: "found",
            1: "nothing was found",
            2: "it could not be found out",
        ],
        examples: [
            "Look for a package":
                "boatyard repository search oci://registry.example/packages kernel --key lifeboot.pub"
        ])

    @OptionGroup
    var reading: RepositoryReadingOptions
    @Argument(help: ArgumentHelp("What to look for.", valueName: "word"))
    var words: [String]
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        var target = try reading.target()
        let opened = try reading.open(&target, output)
        let found = PackageQuery.newest(PackageQuery.containing(words, in: opened.packages))
        PackageTable.show(found, of: opened, output)
        if found.isEmpty { throw ExitCode(ExitStatus.negative) }
    }
}

/// Says all about packages: `boatyard repository info`.
struct RepositoryInfoCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what a repository is, or what its packages are.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Without a request: name, revision, expiry and key of the repository. With requests: all that the index \
        says of the highest version that each allows.
        """,
        statuses: [
            0: "said",
            2: "it could not be found out",
        ],
        examples: [
            "See revision and expiry":
                "boatyard repository info oci://registry.example/packages --key lifeboot.pub"
        ])

    @OptionGroup
    var reading: RepositoryReadingOptions
    @Argument(help: ArgumentHelp("Which packages.", valueName: "request"))
    var requests: [String] = []
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let wanted = try requests.map { try PackageRequest(parsing: $0) }
        var target = try reading.target()
        let opened = try reading.open(&target, output)
        let packages = try PackageQuery.chosen(by: wanted, from: opened.packages)
        var document = opened.members
        document["count"] = .integer(Int64(opened.packages.count))
        document["packages"] = .array(packages.map { .object($0.members) })
        let about = requests.isEmpty ? [document.lines] : packages.map(\.members.lines)
        output.show(.object(document), lines: Array(about.joined(separator: [""])))
    }
}

/// Shows packages, a line each.
enum PackageTable {
    /// Shows them to people, or to programs.
    static func show(_ packages: [RepositoryPackage], of opened: RepositoryReader.Opened, _ output: Output) {
        var document = opened.members
        document["packages"] = .array(packages.map { .object($0.members) })
        var table = TextTable()
        for package in packages {
            let metadata = package.metadata
            table.add([
                "\(metadata.name)", "\(metadata.version)", metadata.architecture,
                ByteText.scaled(Int(clamping: package.size)), metadata.summary,
            ])
        }
        output.show(.object(document), lines: table.lines)
    }
}

extension JSONObject {
    /// The members, a line each, without lists of objects.
    fileprivate var lines: [String] {
        members.compactMap { member in
            let text: String? =
                switch member.value {
                case .string(let text): text
                case .integer(let number): String(number)
                case .bool(let value): value ? "yes" : "no"
                case .array(let elements):
                    elements.compactMap(\.text).isEmpty ? nil : elements.compactMap(\.text).joined(separator: "; ")
                default: nil
                }
            return text.map { "\(member.name): \($0)" }
        }
    }
}
