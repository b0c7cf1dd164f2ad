package import ArgumentParser

/// Groups what concerns images that do not boot: `lifeboot image`.
package struct StoredImageCommand: ParsableCommand {
    /// What `lifeboot image --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Get images without deploying them.", subcommands: [ImagePullCommand.self])

    /// Takes no options of its own.
    package init() {}
}
