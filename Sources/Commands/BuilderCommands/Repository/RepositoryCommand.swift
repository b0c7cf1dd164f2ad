import ArgumentParser

/// Groups what concerns repositories of packages: `boatyard repository`.
struct RepositoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository", abstract: "Publish packages, and fetch them where they are published.",
        discussion: """
            A repository is one signed index in a registry, under the tag 'index'; packages are container images that it \
            names by digest. An OCI layout takes the place of a registry where there is none: oci:PATH.
            """,
        subcommands: [
            RepositoryCreateCommand.self, RepositoryPublishCommand.self, RepositoryRemoveCommand.self,
            RepositoryPullCommand.self,
            RepositoryListCommand.self, RepositorySearchCommand.self, RepositoryInfoCommand.self,
            RepositoryVerifyCommand.self, RepositorySnapshotCommand.self, RepositoryPruneCommand.self,
        ])
}
