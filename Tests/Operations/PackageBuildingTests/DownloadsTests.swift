import Cryptography
import DocumentTree
import HTTPTransfer
import ImageModel
import LinuxSystem
import PackageSpecs
import SystemPackage
import TestServers
import Testing

@testable import PackageBuilding

@Suite("Downloads")
struct DownloadsTests {
    private static let place = SpecPlace("packages/x/package.yaml", DocumentMark(line: 7, column: 3))
    private static let text = "what is published"

    private static func with(
        _ rule: (inout ScriptedServer.Rule) -> Void = { _ in },
        _ body: (BuildCache, BuildFetch, ScriptedServer) throws -> Void
    ) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "downloads")
        let server = try ScriptedServer([
            ScriptedServer.Rule("/file") {
                $0.body = text
                rule(&$0)
            }
        ])
        let fetch = BuildFetch(
            url: "http://127.0.0.1:\(server.port)/file", digest: nil, target: "file", place: place)
        try body(BuildCache(folder.path), fetch, server)
    }

    private static func digest() throws -> Digest { try SHA256Hasher.digest(of: Array(text.utf8)) }

    @Test("are kept by what they are, and not asked for twice")
    func kept() throws {
        try Self.with { cache, fetch, server in
            let digest = try Self.digest()
            #expect(try Downloads(cache, isOffline: false).get(fetch, expecting: nil) == digest)
            #expect(try FileBytes.read(cache.blob(digest), limit: 99) == Array(Self.text.utf8))
            #expect(try FileStatus.of(cache.blob(digest))?.permissions.rawValue == 0o644)
            #expect(try Downloads(cache, isOffline: true).get(fetch, expecting: digest) == digest)
            #expect(try server.requests().count == 1)
            #expect(try Folders.names(of: cache.folder.appending("work")) == [])
        }
    }

    @Test("are refused when they are not what is expected, and leave nothing")
    func other() throws {
        try Self.with { cache, fetch, _ in
            let expected = try SHA256Hasher.digest(of: [])
            #expect {
                try Downloads(cache, isOffline: false).get(fetch, expecting: expected)
            } throws: {
                let words = "\($0)"
                return words.contains("package.yaml:7:3: it has the SHA-256 ") && words.contains(expected.hex)
            }
            #expect(try !cache.has(expected) && !cache.has(Self.digest()))
            #expect(try Folders.names(of: cache.folder.appending("work")) == [])
        }
    }

    @Test("are not asked for when nobody may be")
    func offline() throws {
        try Self.with { cache, fetch, server in
            #expect {
                try Downloads(cache, isOffline: true).get(fetch, expecting: Self.digest())
            } throws: { "\($0)".contains("--offline asks nobody") }
            let requests = try server.requests()
            #expect(requests.isEmpty)
        }
    }

    @Test("that are cut half-way are errors, and leave nothing")
    func cut() throws {
        try Self.with({ ($0.cutAfter, $0.times) = (5, 1) }) { cache, fetch, _ in
            #expect(throws: (any Error).self) { try Downloads(cache, isOffline: false).get(fetch, expecting: nil) }
            let left = try Folders.names(of: cache.folder.appending("work"))
            let kept = try Folders.names(of: cache.folder.appending("blobs/sha256"))
            #expect(left == [] && kept == [])
        }
    }

    @Test("that are not there are errors")
    func missing() throws {
        try Self.with({ $0.status = 404 }) { cache, fetch, _ in
            #expect(throws: HTTPError.self) { try Downloads(cache, isOffline: false).get(fetch, expecting: nil) }
        }
    }
}
