import ArgumentParser
import Cryptography
import Foundation
import ImageModel
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestServers
import Testing

@testable import BuilderCommands

/// Runs what docs/repository.md tells people to type, with a registry of its own.
@Suite("docs/repository.md", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tar2sqfs")))
struct RepositoryDocumentTests {
    /// The lines after `$` in a document's blocks.
    static func commands(of document: String = "repository.md") throws -> [String] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../../docs/\(document)")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
    }

    /// The words of a command; single quotes hold words together.
    static func words(_ line: String) -> [String] {
        line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
    }

    /// What the commands find in the folder they are typed in, or make there.
    static let names: Set = [
        "keys", "root.tar", "image", "base", "channel.json", "layout", "layout.tar", "candidate.json", "stable.json",
    ]

    /// A word with paths in the folder and the server in the place of the example.
    static func placed(_ word: String, _ folder: String, _ host: String) -> String {
        let bare = word.hasPrefix("oci:") && !word.hasPrefix("oci://") ? String(word.dropFirst(4)) : word
        let first = String(bare.prefix { !"/:".contains($0) })
        let path = names.contains(first) && word != "base" ? folder + "/" + bare : bare
        return (bare == word ? path : "oci:" + path).replacing("registry.example", with: host)
    }

    /// skopeo's arguments for a registry without TLS; those of other programs as they are.
    static func plain(_ arguments: [String]) -> [String] {
        switch arguments.first {
        case "copy": ["copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false"] + arguments.dropFirst()
        case "inspect": ["inspect", "--tls-verify=false"] + arguments.dropFirst()
        default: arguments
        }
    }

    static func prepare(_ folder: TestFolder, _ server: RegistryServer) throws {
        let script = """
            cd \(folder.url.path); mkdir -p root/boot root/sbin root/etc tree; cp /bin/true root/sbin/init
            printf 'ID=test\\nVERSION_ID=7\\n' > root/etc/os-release
            printf kernel > root/boot/vmlinuz-6.1; printf initrd > root/boot/initrd.img-6.1
            mkdir -p root/usr/lib/modules/6.1 root/usr/lib/lifeboot; printf agent > root/usr/lib/lifeboot/lifeboot-init
            tar -C root --numeric-owner -cf root.tar .
            umoci init --layout start; umoci new --image start:one; umoci insert --image start:one root/etc /etc
            skopeo copy -q --dest-tls-verify=false oci:start:one docker://\(server.host)/base:1.0
            """
        _ = try Tool.run("bash", ["-euc", script])
    }

    @Test("every command does what it says", .timeLimit(.minutes(10)))
    func commands() throws {
        let server = try RegistryServer()
        let folder = try TestFolder()
        try Self.prepare(folder, server)
        for line in try Self.commands() {
            let words = Self.words(line).map { Self.placed($0, folder.url.path, server.host) }
            if words.first == "boatyard" {
                // `image` is also the name of the folder; the verb comes before it.
                var arguments = Array(words.dropFirst())
                if line.hasPrefix("boatyard image ") { arguments[0] = "image" }
                var command = try BoatyardCommand.parseAsRoot(arguments)
                do { try command.run() } catch { throw ServerError("\(line): \(error)") }
            } else {
                _ = try Tool.run(words[0], Self.plain(Array(words.dropFirst())))
            }
        }
        try expect(server, folder)
    }

    /// What a machine with the key finds afterwards.
    private func expect(_ server: RegistryServer, _ folder: TestFolder) throws {
        let pem = try Data(contentsOf: folder.url.appending(path: "keys/lifeboot.pub"))
        let check = SignatureCheck(keys: [TrustedKey(name: "k", key: try PublicKey(pem: Array(pem)))])
        let places = ["os:1.0", "os:1.1", "base:1.0", "os/channel:stable"].map { "oci://\(server.host)/\($0)" }
        var digests: [String: Digest] = [:]
        for place in places + ["oci:\(folder.url.path)/layout", "\(folder.url.path)/layout.tar"] {
            var source = try AnySource(
                opening: try SourceReference(parsing: place), RegistryConfiguration(authFiles: []))
            let document = try source.resolve()
            digests[place] = document.digest
            let verdict = try check.verdict(for: document, in: &source, acceptsImageSignature: false)
            #expect(verdict == .signed(key: "k"), "\(place)")
            guard place == places[3] else { continue }
            let channel = try ChannelDocument(
                parsing: try ChannelArtifact.read(document, from: &source, check: check).bytes)
            #expect(channel.releases.map(\.digest) == [digests[places[0]]])
            #expect(channel.releases.first?.version == "7" && channel.releases.first?.rollout == 10)
            #expect(channel.releases.first?.reference == "oci://\(server.host)/os")
        }
        #expect(digests[places[0]] == digests["oci:\(folder.url.path)/layout"])
        #expect(digests["\(folder.url.path)/layout.tar"] == digests[places[0]])
    }
}
