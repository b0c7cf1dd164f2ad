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
        abstract: "Sign a channel and publish it.",
        discussion: """
            The document is issued now and counts for --days days; machines refuse it afterwards, and refuse one that \
            was issued before the last one they saw. Publish it again in time, also when nothing has changed. The times \
            are written into the file too. The tag is moved last.

            Prints the reference by digest. Exit status: 0 published; 2 not published, the tag is as it was; 64 usage.
            """)

    @Argument(help: ArgumentHelp("The channel's document.", valueName: "file"))
    var channel: String
    @Argument(help: ArgumentHelp("oci://host/repository:tag, or oci:PATH:NAME for a layout.", valueName: "destination"))
    var destination: String
    @Option(help: ArgumentHelp("The private key that signs (\(SigningOptions.keyHelp)).", valueName: "key"))
    var key: String
    @OptionGroup
    var signing: SigningOptions
    @Option(help: ArgumentHelp("For how many days it counts.", valueName: "number"))
    var days = ChannelFile.standardDays
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
        let published = try publish(document.serialized(), to: destination)
        try ChannelFile.replace(document, at: FilePath(channel))
        output.print([destination.pinned(published.digest.registryText)])
    }

    private func publish(_ bytes: [UInt8], to destination: Destination) throws -> ManifestDocument {
        switch destination {
        case .registry(let reference, _):
            var client = try RegistryClient(reference, registry.configuration(), userAgent: "boatyard")
            return try publish(bytes, to: &client, destination)
        case .layout(let entry, _):
            var layout = try LayoutTarget(entry)
            return try publish(bytes, to: &layout, destination)
        }
    }

    private func publish(
        _ bytes: [UInt8], to target: inout some BlobTarget & ~Copyable, _ destination: Destination
    ) throws -> ManifestDocument {
        let key = try signing.key(key)
        let document = try target.storeChannel(bytes, signedWith: key)
        _ = try target.sign(document, named: destination.name, with: key)
        try target.tag(document, as: destination.tag)
        return document
    }
}
