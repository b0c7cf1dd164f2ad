import Cryptography
import ImageModel
import ImageSources
import InstalledSystem
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import TestServers
import Testing
import TransactionPlanning

/// The way that a machine goes on its own: from the channel that it follows to an image in its staging folder.
@Suite("From a channel in a real registry to an image", .timeLimit(.minutes(5)))
struct RegistrySourceInteropTests {
    @Test("leads to the image that the channel's newest release names", arguments: FilledRegistry.Program.present)
    func follow(program: FilledRegistry.Program) throws {
        let folder = try TestMachines.TestFolder()
        let key = try SigningKey()
        let image = try #require(try FakeImage.all.get().last)
        try image.write(folder.path.appending("image"))
        let signature = SignatureFile(signatures: [try key.sign(image.bytes)]).serialized()
        try folder.write(String(decoding: signature, as: UTF8.self), to: "image/manifest.sig")
        let registry = try FilledRegistry(program, repository: "os") { path in
            var layout = try LayoutTarget(.init(FilePath(path)))
            let stored = try layout.store(PublishableImage(directory: folder.path.appending("image"))) { _ in }
            try layout.tag(stored, as: "3.0")
            _ = try layout.sign(stored, named: "registry.example/os", with: key)
            let document = ChannelDocument(
                name: "stable", issued: try #require(UTCTime("2026-11-01T00:00:00Z")),
                expires: try #require(UTCTime("2027-11-01T00:00:00Z")),
                releases: [ChannelRelease(version: "3.0", sequence: 3, digest: stored.digest)])
            try layout.tag(layout.storeChannel(document.serialized(), signedWith: key), as: "stable")
        }

        var configuration = AgentConfiguration()
        configuration.channel = "oci://\(registry.host)/os:stable"
        let sources = ImageSources(
            configuration: configuration, access: RegistryConfiguration(authFiles: []),
            keys: [TrustedKey(name: "vendor.pem", key: try key.publicKey())],
            machine: MachineTraits(architecture: "amd64", agent: AgentVersion(0, 1, 0)))
        let channel = try sources.channel(allowsUnsigned: false)
        #expect(channel.isSigned && channel.document.name == "stable")
        let release = try #require(channel.document.releases.first)
        var resolved = try sources.resolve(SourceRequest(""), at: channel.image(of: release), for: "upgrading")
        #expect(resolved.candidate.id == image.id && resolved.signature == .publisher)
        let staged = try resolved.stage(in: folder.path.appending("staging"), locals: []) { _ in }
        #expect(staged.image.id == image.id)
        #expect(try folder.names("staging").contains("root.squashfs"))

        // Whoever has none of the keys takes neither.
        let stranger = ImageSources(
            configuration: configuration, access: RegistryConfiguration(authFiles: []),
            keys: [TrustedKey(name: "other.pem", key: try SigningKey().publicKey())], machine: sources.machine)
        #expect(throws: (any Error).self) { try stranger.channel(allowsUnsigned: false) }
    }
}
