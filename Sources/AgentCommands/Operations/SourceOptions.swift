package import ArgumentParser
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

    @Option(help: ArgumentHelp("Credentials for registries, a docker-style file.", valueName: "file"))
    package var authFile: String?

    @Option(help: ArgumentHelp("Certificate authorities to trust, a PEM file.", valueName: "file"))
    package var ca: String?

    /// Starts with the defaults.
    package init() {}

    /// How a source is reached with these options.
    ///
    /// - Throws: `CommandFailure` when the agent does not know its own version.
    func request(for source: String) throws -> SourceRequest {
        guard let version = AgentVersion(AgentCommand.version) else {
            throw CommandFailure(
                "asking", source, cause: "the agent's version is malformed", remedy: "Report this; it is a fault.")
        }
        var request = SourceRequest(source, agent: version)
        request.allowsUnsigned = allowUnsigned
        request.authFile = authFile.map { FilePath($0) }
        request.certificateAuthority = ca.map { FilePath($0) }
        return request
    }
}
