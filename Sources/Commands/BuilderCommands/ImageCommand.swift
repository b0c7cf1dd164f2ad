import ArgumentParser

/// Groups what concerns images: `boatyard image`.
struct ImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Build, look at, check and publish images.",
        subcommands: [
            ImageBuildCommand.self, ImageInspectCommand.self, ImageVerifyCommand.self, ImagePublishCommand.self,
        ])
}
