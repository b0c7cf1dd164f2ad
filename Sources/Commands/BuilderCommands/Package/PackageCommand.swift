import ArgumentParser

/// Groups what concerns packages: `boatyard package`.
struct PackageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package", abstract: "Build packages out of containers, and look at them.",
        subcommands: [
            PackageBuildCommand.self, PackageCheckCommand.self, PackageShowCommand.self, PackageFilesCommand.self,
            PackageDiffCommand.self, PackageExtractCommand.self, PackageExportCommand.self,
        ])
}
