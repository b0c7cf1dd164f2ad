import ArgumentParser
import Cryptography
import Foundation
import ImageAssembly
import ImageModel
import ImageSources
import RegistryAccess
import RegistryModel
import ReleaseModel
import TestServers
import Testing
import TransactionPlanning

@testable import BuilderCommands

/// Runs what docs/channels.md tells people to type, with a registry and a mirror of it under another name.
@Suite("docs/channels.md", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tar2sqfs")))
struct ChannelDocumentTests {
    /// Two images in the registry, with a key.
    static func prepare(_ folder: TestFolder, _ server: RegistryServer) throws {
        try RepositoryDocumentTests.prepare(folder, server)
        let (keys, key) = (folder.path("keys"), folder.path("keys/lifeboot.key"))
        var lines = [["key", "generate", "-o", keys]]
        for (version, sequence) in [("1.0", "10"), ("1.1", "11")] {
            let image = folder.path("image-\(version)")
            lines.append([
                "image", "build", "--rootfs", folder.path("root.tar"), "--key", key, "--allow-foreign-keys",
                "--version", version, "--sequence", sequence, "--board", "reef", "-o", image,
            ])
            lines.append(["image", "publish", image, "oci://\(server.host)/os:\(version)", "--key", key])
        }
        for line in lines {
            var command = try BoatyardCommand.parseAsRoot(line)
            do { try command.run() } catch { throw ServerError("\(line): \(error)") }
        }
    }

    /// Runs a line of the document.
    static func run(
        _ line: String, _ folder: TestFolder, _ server: RegistryServer, _ mirror: RegistryServer
    ) throws -> [String] {
        let words = RepositoryDocumentTests.words(line.replacing("mirror.example", with: mirror.host)).map {
            RepositoryDocumentTests.placed($0, folder.url.path, server.host)
        }
        guard words.first == "boatyard" else {
            let bare = Array(words.dropFirst(2))
            _ = try Tool.run(words[0], ["sync", "--src-tls-verify=false", "--dest-tls-verify=false"] + bare)
            return []
        }
        let (lines, status, remarks) = try Printed.run(Array(words.dropFirst()))
        #expect(status == 0, "\(line): \(remarks)")
        return lines
    }

    @Test("every command does what it says, and a mirror needs no other document", .timeLimit(.minutes(10)))
    func commands() throws {
        let folder = try TestFolder()
        let mirror = try RegistryServer()
        // Released before the mirror is asked: nothing that is found comes from it.
        try Self.publish(folder, mirror)
        let key = TrustedKey(
            name: "k",
            key: try PublicKey(pem: Array(try Data(contentsOf: folder.url.appending(path: "keys/lifeboot.pub")))))
        let access = RegistryConfiguration(authFiles: [])
        let reference = try SourceReference(parsing: "oci://\(mirror.host)/os/channel:stable")
        let channel = try ChannelFollowing.read(
            reference, try AnySource(opening: reference, access), keys: [key], allowsUnsigned: false)
        #expect(channel.isSigned && channel.document.releases.map(\.reference) == ["../os", "../os"])
        #expect(channel.document.releases.map(\.withdrawn) == [nil, "Disks with a bad sector do not come up"])
        let release = try #require(channel.document.releases.first)
        let sources = ImageSources(
            configuration: AgentConfiguration(), access: access, keys: [key],
            machine: MachineTraits(architecture: ImageArchitecture.host, board: "reef", agent: AgentVersion(0, 1, 0)))
        let image = try sources.resolve(SourceRequest(""), at: try channel.image(of: release), for: "upgrading to")
        #expect(image.candidate.reference.hasPrefix("oci://\(mirror.host)/os@sha256:"))
        #expect(image.candidate.version == "1.0" && image.candidate.trust == .signed("k"))
        #expect(try ChannelCommandTests.read(folder.path("stable.json")).releases.map(\.version) == ["1.0"])
        try refuse("\(reference)", folder)
    }

    /// Other machines refuse the image; what was not said of one is asked for.
    private func refuse(_ reference: String, _ folder: TestFolder) throws {
        let explain = [
            "channel", "explain", reference, "--machine-id", ChannelCommandTests.machine, "--installed", "0",
        ]
        let key = ["--key", folder.path("keys/lifeboot.pub")]
        for (words, status, text) in [
            (["--board", "reef"], 0, "The machine takes 1.0."), (["--board", "quay"], 1, "it is for the boards reef"),
            (["--board", "reef", "--architecture", "riscv64"], 1, "and this machine is riscv64"),
            (["--agent", "0.1.0"], 2, "Say which board it is with --board."),
        ] as [([String], Int32, String)] {
            let said = try Printed.run(explain + key + words)
            #expect(said.status == status && (said.lines.joined() + said.remarks).contains(text), "\(said)")
        }
        _ = try Printed.run(["key", "generate", "-o", folder.path("others")])
        let others = try Printed.run(explain + ["--key", folder.path("others/lifeboot.pub")])
        #expect(others.status == 2 && others.remarks.contains("by none of the trusted keys"))
    }

    private static func publish(_ folder: TestFolder, _ mirror: RegistryServer) throws {
        let server = try RegistryServer()
        try prepare(folder, server)
        var answers: [String] = []
        for line in try RepositoryDocumentTests.commands(of: "channels.md") {
            let lines = try run(line, folder, server, mirror)
            if line.contains(" explain ") { answers += lines.filter { $0.hasPrefix("The machine ") } }
        }
        // The share of this machine for 1.1 differs from build to build: its digest does.
        #expect(answers.count == 3 && answers.last == "The machine takes 1.0.")
        let written = try ChannelCommandTests.read(folder.path("stable.json"))
        #expect(written.releases.first?.reference == "oci://\(server.host)/os", "the file stays as it is")
    }
}
