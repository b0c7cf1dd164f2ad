import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

@Suite("Against Debian's docker-registry") struct RegistryInteropTests {
    @Test("pushes and reads back, plain and with TLS, private authority and accounts", arguments: [false, true])
    func roundTrip(secure: Bool) throws {
        let server = try RegistryServer(secure: secure)
        let folder = try TestFolder()
        var client = try client(server.host) { try? configure(&$0, server, folder) }
        let content = bytes(3_000_000)
        let blob = try descriptor(content)
        let small = Array("{}".utf8)
        let config = try descriptor(small)
        try Data(content).write(to: folder.url.appending(path: "blob"))

        #expect(try client.hasBlob(blob) == false)
        #expect(try client.push(blob, .file(FilePath(folder.path("blob")))))
        #expect(try client.push(blob, .bytes(content)) == false)
        #expect(try client.push(config, .bytes(small)))
        let manifest = ImageManifest(artifactType: MediaType.image, config: config, layers: [blob])
        let digest = try client.push(manifest: manifest.serialized(), mediaType: MediaType.manifest, tag: "latest")

        let document = try client.resolve()
        #expect(document.digest == digest)
        #expect(document.bytes == manifest.serialized())
        #expect(try client.manifest(digest) == document)
        #expect(try client.manifest(tag: "absent") == nil)
        var read: [UInt8] = []
        try client.read(blob, from: 0) { bytes in for index in bytes.indices { read.append(bytes[index]) } }
        #expect(read == content)
        #expect(client.traffic.bytesReceived >= content.count)
    }

    @Test("tells wrong passwords, unknown authorities and absent things apart")
    func refusals() throws {
        let server = try RegistryServer(secure: true)
        let folder = try TestFolder()
        var stranger = try client(server.host) { $0.certificateAuthority = server.authority.map { FilePath($0) } }
        #expect(failure { _ = try stranger.resolve() }?.kind == .denied)
        var impostor = try client(server.host) { try? configure(&$0, server, folder, password: "wrong") }
        #expect(failure { _ = try impostor.resolve() }?.kind == .denied)
        let other = try Certificates()
        var distrustful = try client(server.host) { $0.certificateAuthority = FilePath(other.authority) }
        #expect(failure { _ = try distrustful.resolve() }?.kind == .untrusted)
        var welcome = try client(server.host) { try? configure(&$0, server, folder) }
        let error = failure { _ = try welcome.resolve() }
        #expect(error?.kind == .notFound)
        #expect(error?.cause.contains("MANIFEST_UNKNOWN") == true || error?.cause.contains("NAME_UNKNOWN") == true)
    }

    @Test("refuses to push what does not have its digest")
    func wrongPush() throws {
        let server = try RegistryServer()
        var client = try client(server.host)
        let content = bytes(1000)
        let blob = try descriptor(content)
        #expect(failure { try client.push(blob, .bytes(bytes(1000, seed: 2))) }?.kind == .corrupted)
        #expect(failure { try client.push(blob, .bytes(bytes(999))) }?.kind == .corrupted)
        #expect(try client.hasBlob(blob) == false)
    }

    private func configure(
        _ configuration: inout RegistryConfiguration, _ server: RegistryServer, _ folder: TestFolder,
        password: String = RegistryServer.password
    ) throws {
        configuration.certificateAuthority = server.authority.map { FilePath($0) }
        let account = Base64.encode(Array("\(RegistryServer.user):\(password)".utf8))
        try "{\"auths\": {\"\(server.host)\": {\"auth\": \"\(account)\"}}}".write(
            toFile: folder.path("auth.json"), atomically: false, encoding: .utf8)
        configuration.authFiles = [FilePath(folder.path("auth.json"))]
    }
}
