package import ArgumentParser
import Faults
import ImageModel
import ImagePlanning
import ReleaseModel
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

    /// How an image is made out of a container image.
    @OptionGroup package var container: ContainerOptions

    /// How registries are reached.
    @OptionGroup package var registry: RegistryOptions

    /// Starts with the defaults.
    package init() {}

    /// How sources are reached with these options.
    ///
    /// - Throws: `Refusal` when the agent does not know its own version.
    func access() throws -> SourceAccess {
        var access = try registry.access()
        container.apply(to: &access)
        access.allowsUnsigned = allowUnsigned
        return access
    }
}

/// The options that say how an image is made out of a container image.
package struct ContainerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The kernel of a container image to boot with (default: its newest).", valueName: "version"))
    package var kernelVersion: String?

    @Option(
        help: ArgumentHelp(
            "Accept what a check finds in a container image (see docs/image-checks.md); repeatable.", valueName: "check"
        ), completion: .list(ImageChecks.all.map(\.name)))
    package var allow: [String] = []

    /// Starts with the defaults.
    package init() {}

    /// Rejects names of checks that do not exist.
    package func validate() throws {
        let names = ImageChecks.all.map(\.name)
        guard let wrong = allow.first(where: { !names.contains($0) }) else { return }
        throw ValidationError("--allow takes no '\(wrong)', only \(names.joined(separator: ", "))")
    }

    /// Whether something is asked for.
    var isEmpty: Bool { kernelVersion == nil && allow.isEmpty }

    func apply(to access: inout SourceAccess) {
        access.kernelVersion = kernelVersion.map { KernelVersion($0) }
        access.allowedChecks = Set(allow)
    }
}

/// The options that say how registries are reached.
package struct RegistryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Credentials for registries, a docker-style file.", valueName: "file"), completion: .file())
    package var authFile: String?

    @Option(help: ArgumentHelp("Certificate authorities to trust, a PEM file.", valueName: "file"), completion: .file())
    package var ca: String?

    @Option(
        help: ArgumentHelp(
            "Give up after so many minutes, as long as nothing is committed (default: the configuration's, else a day).",
            valueName: "minutes"))
    package var deadline: Int?

    /// Starts with the defaults.
    package init() {}

    /// Rejects a time that nobody means.
    package func validate() throws {
        let range = AgentConfiguration.deadlines
        if let deadline, !range.contains(deadline) {
            throw ValidationError("--deadline takes \(range.lowerBound) to \(range.upperBound) minutes")
        }
    }

    /// How sources are reached with these options.
    ///
    /// - Throws: `Refusal` when the agent does not know its own version.
    func access() throws -> SourceAccess {
        var access = SourceAccess(agent: try AgentCommand.parsedVersion)
        access.authFile = authFile.map { FilePath($0) }
        access.certificateAuthority = ca.map { FilePath($0) }
        access.deadline = deadline.map { .seconds(60 * $0) }
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
