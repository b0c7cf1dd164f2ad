package import ArgumentParser
import Transactions

/// The options that name a source of images and how it is reached.
package struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The image to deploy instead: a source as `lifeboot upgrade` takes it.", valueName: "source")
    )
    package var source: String?

    @Flag(help: "Accept an image that no trusted key has signed.")
    package var allowUnsigned = false

    /// How registries are reached.
    @OptionGroup package var registry: RegistryOptions

    /// Starts with the defaults.
    package init() {}

    /// How sources are reached with these options.
    ///
    /// - Throws: `Refusal` when the agent does not know its own version.
    func access() throws -> SourceAccess {
        var access = try registry.access()
        access.allowsUnsigned = allowUnsigned
        return access
    }
}
