package import ArgumentParser
import BootHealth
package import CommandOutput
import ImageFolders
import ImageSources
import InstalledSystem
import JSONText
import ReleaseModel
import SystemPackage

/// `lifeboot status`.
package struct StatusCommand: AgentVerb {
    /// What `lifeboot status --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what runs and why, the images, the last boots, and what to do.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        """
        Nothing is changed. The boot partition is mounted for a moment to read boot.env, and a partition that is \
        not mounted likewise. The files of an image that failed without a record are read as a whole, which may \
        take some seconds. Must run as root.
        """,
        examples: [
            "See what runs, why, and what to do":
                "lifeboot status",
            "List the packages of the image that runs":
                "lifeboot status --packages",
        ])

    @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
    package var json = false

    @Flag(help: "Show the packages that the image consists of instead (docs/sbom.md); needs no root.")
    package var packages = false

    /// Starts with the defaults.
    package init() {}

    /// Prints the status.
    package func perform(_ output: Output) throws {
        if packages {
            let packages = try ImagePackages()
            return output.show(packages.json, lines: packages.lines)
        }
        let machine = try Machine.forRoot("status")
        let configuration = Self.configuration()
        var facts = try StatusFacts(
            gathering: machine, command: "status", checkingRoots: true, recoveryStays: configuration.recoveryStays)
        facts.notes += configuration.notes
        let status = MachineStatus(facts)
        output.show(status.json, lines: status.lines)
    }

    /// What the configuration says of recovery, and what there is to say of the configuration.
    static func configuration(
        _ files: [FilePath] = AgentConfiguration.files, seal: SystemSeal = SystemSeal()
    ) -> (recoveryStays: Bool, notes: [String]) {
        do {
            let configuration = try ConfigurationFiles.read(files, seal: seal)
            return (configuration.policy.recoveryUpgrade == .refuse, configuration.notes)
        } catch { return (false, ["the configuration: \(error)"]) }
    }
}
