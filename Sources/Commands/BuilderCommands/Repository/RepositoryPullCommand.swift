import ArgumentParser
import CommandOutput
import ImageAssembly
import JSONText
import PackageModel
import PackageRepositories
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage

/// Copies packages into a layout: `boatyard repository pull`.
struct RepositoryPullCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Copy packages of a repository into an OCI layout.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Of each request the highest version is taken that it allows, as in 'system/kernel >= 6.1, < 7'. The \
        signed index comes along, so that the layout is a repository that can be read without a network. What \
        the layout has stays.

        With --with-required ('--resolve' of dnf download) everything comes along that the packages require, in \
        turn: the versions that 'boatyard solve' chooses for one image. What stands against that is said before \
        anything is fetched.
        """,
        statuses: [
            0: "copied",
            2: "not copied, the layout is as it was",
        ],
        examples: [
            "Copy a package and what it needs":
                "boatyard repository pull oci://registry.example/packages app/tide --key lifeboot.pub -o layout"
        ])

    @OptionGroup
    var reading: RepositoryReadingOptions
    @Argument(help: ArgumentHelp("Which packages.", valueName: "request"))
    var requests: [String] = []
    @Flag(help: "Every package, in every version.")
    var all = false
    @Option(name: [.short, .long], help: ArgumentHelp("The layout.", valueName: "dir"), completion: .directory)
    var output: String
    @Flag(help: "Everything that they require as well.")
    var withRequired = false
    @Option(
        help: ArgumentHelp(
            "Only this architecture, as amd64 (default: every one; with --with-required, this machine's).",
            valueName: "name"))
    var architecture: String?
    @Flag(help: "Copy the lists of files and bills of materials as well.")
    var details = false
    @Flag(help: "Say what would be done, but write nothing.")
    var dryRun = false
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws {
        guard all == requests.isEmpty else { throw ValidationError("name packages, or --all") }
        if all, withRequired { throw ValidationError("--all leaves nothing for --with-required") }
    }

    func perform(_ output: Output) throws {
        let wanted = try requests.map { try PackageRequest(parsing: $0) }
        var source = try reading.target()
        let opened = try reading.open(&source, output)
        let packages = try chosen(by: wanted, from: opened, output)
        let names = packages.map(\.identity)
        if dryRun { return output.plan("repository pull", ["packages": .strings(names)], lines: names) }
        var layout = try LayoutTarget(SourceReference.Entry(FilePath(self.output)))
        let pulled = try PackagePull.pull(
            packages, of: opened, from: &source, to: &layout, withDetails: details
        ) { output.report($0) }
        output.end(
            OperationResult(
                "repository pull", changed: pulled.fetched > 0, "\(packages.count) packages are in \(self.output).",
                details: [
                    "packages": .strings(names), "fetched": .integer(Int64(pulled.fetched)),
                    "revision": .integer(opened.known.index.revision),
                ]), lines: names)
    }

    private func chosen(
        by wanted: [PackageRequest], from opened: RepositoryReader.Opened, _ output: Output
    ) throws -> [RepositoryPackage] {
        if all { return opened.packages }
        guard withRequired else {
            return try PackageQuery.chosen(by: wanted, from: opened.packages, architecture: architecture)
        }
        let closure = try PackagePull.closure(
            of: wanted, in: opened, architecture: architecture ?? ImageArchitecture.host)
        closure.warnings.forEach(output.warn)
        return closure.packages
    }
}
