import ArgumentParser
import CommandOutput
import Cryptography
import ImageBuilding
import ImageModel
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage

/// Signs and publishes a channel: `boatyard channel publish`.
struct ChannelPublishCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Sign a channel and publish it.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The document is issued now and counts for --days days; machines refuse it afterwards, and refuse one \
        that was issued before the last one they saw. Publish it again in time, also when nothing has changed. \
        The times are written into the file too. The tag is moved last.

        With --relative releases in the registry of the destination are named by their place beside the channel, \
        so that             machines find them in a mirror that has both; the file stays as it is.

        What the tag names now is read before: another channel is refused, and so is one that was issued later \
        than this             machine's clock says; a release that would be gone is named.

        Prints the reference by digest.
        """,
        statuses: [
            0: "published",
            2: "not published, the tag is as it was",
        ],
        examples: [
            "Publish a channel for thirty days":
                "boatyard channel publish stable.json oci://registry.example/channel:stable --key lifeboot.key --days 30"
        ])

    @Argument(help: ArgumentHelp("The channel's document.", valueName: "file"), completion: .file())
    var channel: String
    @Argument(help: ArgumentHelp("oci://host/repository:tag, or oci:PATH:NAME for a layout.", valueName: "destination"))
    var destination: String
    @Option(help: ArgumentHelp("The private key that signs (\(SigningOptions.keyHelp)).", valueName: "key"))
    var key: String
    @OptionGroup
    var signing: SigningOptions
    @Option(help: ArgumentHelp("For how many days it counts.", valueName: "number"))
    var days = ChannelFile.standardDays
    @Flag(help: "Name images by their place beside the channel, where they are in its registry.")
    var relative = false
    @Flag(help: "Replace whatever the tag names, without comparing.")
    var replace = false
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    func validate() throws {
        guard (1...3_650).contains(days) else { throw ValidationError("--days takes 1 to 3650") }
    }

    func perform(_ output: Output) throws {
        let destination = try Destination(destination)
        var document = try ChannelFile.read(FilePath(channel))
        let times = try ChannelFile.times(days: days)
        (document.issued, document.expires) = (times.issued, times.expires)
        let released = relative ? try Self.relative(document, to: destination) : document
        let published = try publish(released, to: destination, output)
        try ChannelFile.replace(document, at: FilePath(channel))
        output.print([destination.pinned(published.digest.registryText)])
    }

    /// The document with the references of its releases beside the channel, where they are in the channel's registry.
    ///
    /// - Throws: `ValidationError` when the channel is in none; `RegistryModelError` for a reference that is none.
    static func relative(_ document: ChannelDocument, to destination: Destination) throws -> ChannelDocument {
        guard case .registry(let channel, _) = destination else {
            throw ValidationError("--relative goes with a registry")
        }
        var document = document
        document.releases = try document.releases.map { release in
            guard let text = release.reference, !ImageReference.isRelative(text) else { return release }
            var release = release
            let image = try ImageReference(parsing: text)
            // Every agent takes none for the channel's own repository.
            let isOwn = image.name == channel.name
            release.reference = isOwn ? nil : image.relative(to: channel) ?? text
            return release
        }
        return document
    }

    private func publish(
        _ document: ChannelDocument, to destination: Destination, _ output: Output
    ) throws -> ManifestDocument {
        var target = try destination.open(registry.configuration())
        if !replace, let published = try Self.published(destination.tag, in: &target) {
            try document.check(replacing: published).forEach(output.warn)
        }
        let key = try signing.key(key)
        let stored = try target.storeChannel(document.serialized(), signedWith: key)
        _ = try target.sign(stored, named: destination.name, with: key)
        try target.tag(stored, as: destination.tag)
        return stored
    }

    /// The document that the tag names now; nil when there is no such tag.
    ///
    /// Who signed it does not matter: nothing is taken from it but what to warn of.
    private static func published(
        _ tag: String, in target: inout some BlobTarget & ~Copyable
    ) throws -> ChannelDocument? {
        guard let top = try target.manifest(tag: tag) else { return nil }
        let bytes = try ChannelArtifact.read(top, from: &target, check: SignatureCheck(keys: [])).bytes
        return try ChannelDocument(parsing: bytes)
    }
}
