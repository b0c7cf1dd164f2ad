package import ArgumentParser
import Faults
import ImageModel
import SystemPackage
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

/// The options that say how registries are reached.
package struct RegistryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Credentials for registries, a docker-style file.", valueName: "file"))
    package var authFile: String?

    @Option(help: ArgumentHelp("Certificate authorities to trust, a PEM file.", valueName: "file"))
    package var ca: String?

    /// Starts with the defaults.
    package init() {}

    /// How sources are reached with these options.
    ///
    /// - Throws: `Refusal` when the agent does not know its own version.
    func access() throws -> SourceAccess {
        var access = SourceAccess(agent: try AgentCommand.parsedVersion)
        access.authFile = authFile.map { FilePath($0) }
        access.certificateAuthority = ca.map { FilePath($0) }
        return access
    }
}

extension AgentCommand {
    /// The agent's version, to compare with what an image asks for.
    static var parsedVersion: AgentVersion {
        get throws(Refusal) {
            if let version = AgentVersion(version) { return version }
            throw Refusal(
                .impossible, "comparing", "lifeboot \(version)", cause: "the agent's version is malformed",
                remedy: "Report this; it is a fault.")
        }
    }
}
