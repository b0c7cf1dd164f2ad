import Cryptography
import Foundation
import ImageModel
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import ServingCommands

@Suite("boatyard serve, asked by others")
struct ServeInteropTests {
    /// Bytes that differ from place to place.
    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    static func blob(_ bytes: [UInt8], _ type: String = "application/octet-stream") throws -> Descriptor {
        Descriptor(mediaType: type, digest: try SHA256Hasher.digest(of: bytes), size: bytes.count)
    }

    /// Pushes an artifact of one layer, and another that is about it.
    static func fill(_ target: inout LayoutTarget, _ content: [UInt8]) throws -> Descriptor {
        let (config, layer) = (try blob(Array("{}".utf8), MediaType.empty), try blob(content))
        _ = try target.push(config, .bytes(Array("{}".utf8)))
        _ = try target.push(layer, .bytes(content))
        let manifest = ImageManifest(artifactType: "a/image", config: config, layers: [layer]).serialized()
        let digest = try target.push(manifest: manifest, mediaType: MediaType.manifest, tag: "1.0")
        var bill = ImageManifest(artifactType: "a/bill", config: config, layers: [config])
        bill.subject = try blob(manifest, MediaType.manifest)
        _ = try target.push(manifest: bill.serialized(), mediaType: MediaType.manifest, tag: "bill")
        return Descriptor(mediaType: MediaType.manifest, digest: digest, size: manifest.count)
    }

    static func client(_ served: ServedFolder, tag: String = "1.0") throws -> RegistryClient {
        guard let host = RegistryHost(served.host) else { throw ServerError("no host") }
        return try RegistryClient(
            ImageReference(registry: host, repository: "team/os", tag: tag), RegistryConfiguration(authFiles: []))
    }

    @Test("the agent's own client reads everything that it reads of other registries")
    func client() throws {
        let content = Self.bytes(1_000_000)
        var document: Descriptor?
        let served = try ServedFolder { document = try Self.fill(&$0, content) }
        var client = try Self.client(served)
        let resolved = try client.resolve()
        #expect(resolved.digest == document?.digest && resolved.mediaType == MediaType.manifest)
        #expect(try client.manifest(resolved.digest) == resolved)
        #expect(try client.manifest(tag: "absent") == nil)
        #expect(try client.tags() == ["1.0", "bill"])
        #expect(try client.referrers(of: resolved.digest)?.manifests.map(\.artifactType) == ["a/bill"])
        let layer = try Self.blob(content)
        #expect(try client.bytes(of: layer) == content)
        let ranges = (0..<40).map { $0 * 20_000..<$0 * 20_000 + 1 + $0 * 400 }
        var pieces = [UInt8?](repeating: nil, count: content.count)
        let answer = try client.read(layer, ranges: ranges) { offset, bytes in
            for index in bytes.indices { pieces[offset + index] = bytes[index] }
        }
        #expect(answer == .complete)
        for range in ranges { #expect(pieces[range].elementsEqual(content[range].map { Optional($0) })) }
        #expect(throws: RegistryError.self) { try client.push(try Self.blob([1]), .bytes([1])) }
    }

    @Test("skopeo copies from it, checks what it gets, and lists what there is")
    func skopeo() throws {
        let served = try ServedFolder { _ = try Self.fill(&$0, Self.bytes(300_000)) }
        let copy = served.folder.path("copy")
        let source = "docker://\(served.host)/team/os"
        _ = try Tool.run("skopeo", ["copy", "-q", "--src-tls-verify=false", "\(source):1.0", "oci:\(copy):1.0"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(copy)/blobs/sha256").count == 3)
        let tags = try Tool.run("skopeo", ["list-tags", "--tls-verify=false", source])
        #expect(tags.contains("\"1.0\"") && tags.contains("\"bill\""))
    }

    @Test("curl gets wholes, parts, heads and what has not changed, as HTTP has them")
    func curl() throws {
        let content = Self.bytes(200_000)
        let served = try ServedFolder { _ = try Self.fill(&$0, content) }
        let blob = try Self.blob(content)
        let path = "/v2/team/os/blobs/\(blob.digest.registryText)"
        let head = try served.curl(path, ["-I"])
        #expect(head.hasPrefix("HTTP/1.1 200") && head.contains("Content-Length: 200000\r\n"))
        #expect(
            head.contains("Docker-Content-Digest: \(blob.digest.registryText)\r\n")
                && head.contains("Accept-Ranges: bytes"))
        let part = try served.curl(path, ["-r", "10-19", "-o", served.folder.path("part"), "-D", "-"])
        #expect(part.hasPrefix("HTTP/1.1 206") && part.contains("Content-Range: bytes 10-19/200000\r\n"))
        #expect(try Data(contentsOf: served.folder.url.appending(path: "part")).suffix(10) == Data(content[10..<20]))
        let past = try served.curl(path, ["-r", "200000-"])
        #expect(past.hasPrefix("HTTP/1.1 416") && past.contains("Content-Range: bytes */200000\r\n"))
        #expect(try served.curl(path, ["-r", "0-1,5-6", "-o", "/dev/null", "-D", "-"]).hasPrefix("HTTP/1.1 200"))
        let known = try served.curl("/v2/team/os/manifests/1.0", ["-I"])
        let tag = try #require(known.split(separator: "\r\n").first { $0.hasPrefix("ETag: ") }?.dropFirst(6))
        let again = try served.curl("/v2/team/os/manifests/1.0", ["-H", "If-None-Match: \(tag)"])
        #expect(again.hasPrefix("HTTP/1.1 304") && again.utf8.count <= 1_024)
        for method in ["PUT", "POST", "PATCH", "DELETE"] {
            #expect(try served.curl(path, ["-X", method]).hasPrefix("HTTP/1.1 405"))
        }
    }

    @Test("plain files are below their folder, and no path leads out of it")
    func files() throws {
        let served = try ServedFolder(files: ["GPL-3": Data("GNU GENERAL PUBLIC LICENSE".utf8)])
        #expect(try served.curl("/files/GPL-3").contains("GNU GENERAL PUBLIC LICENSE"))
        for path in [
            "/files/../../../etc/passwd", "/files/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/files/..%2f..%2f..%2fetc%2fpasswd",
        ] {
            #expect(try served.curl(path).hasPrefix("HTTP/1.1 400"))
        }
        #expect(try served.curl("/files//etc/passwd").hasPrefix("HTTP/1.1 400"))
        #expect(try served.curl("/files/etc/passwd").hasPrefix("HTTP/1.1 404"))
    }

    @Test("200 clients who take nothing, and endless heads beside them, leave the memory bounded and others served")
    func slow() throws {
        let served = try ServedFolder(files: ["big": Data(count: 64 << 20)])
        do {
            let clients = try (0..<200).map { number in
                let client = try RawClient(served.port)
                client.narrow()
                if number % 10 == 9 {
                    client.send("GET /" + String(repeating: "a", count: 5_000))
                } else {
                    client.send("GET /files/big HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(client.read(atMost: 100)?.hasPrefix("HTTP/1.1 200") == true)
                }
                return client
            }
            #expect(try served.curl("/files/big", ["-o", "/dev/null", "-D", "-"]).hasPrefix("HTTP/1.1 200"))
            let peak = try served.peak()
            #expect(peak <= 96 << 20, "\(peak >> 20) MiB")
            withExtendedLifetime(clients) {}
        }
        #expect(try served.end() == .exited(0))
    }

    @Test("a signal ends it in peace", arguments: [SIGTERM, SIGINT])
    func signals(signal: Int32) throws {
        let served = try ServedFolder()
        #expect(try served.curl("/v2/").hasPrefix("HTTP/1.1 200"))
        #expect(try served.end(by: signal) == .exited(0))
        #expect(!LoopbackPort.listens(served.port))
    }

    @Test("what cannot be served is said, with what to do")
    func refused() throws {
        let program = try ThisProcess.program.removingLastComponent().appending("boatyard").string
        let served = try ServedFolder()
        for (arguments, words) in [
            (["serve", "/absent"], "/absent"),
            (["serve", served.folder.url.path, "--listen", served.host], "--listen"),
            (["serve", served.folder.url.path, "--name", "os"], "--name"),
        ] {
            let outcome = try ChildProcess.run(
                program, arguments, output: .capture(atMost: 1 << 16), errors: .capture(atMost: 1 << 16),
                timeout: .seconds(30))
            #expect(outcome.termination == .exited(2))
            #expect(String(decoding: outcome.standardError, as: UTF8.self).contains(words))
        }
    }
}
