import Faults
import Foundation
import HTTPTransfer
import ImageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

@Suite("Credentials, tokens and mirrors") struct AuthenticationTests {
    private static let manifest = #"{"schemaVersion":2,"mediaType":"\#(MediaType.manifest)"}"#
    private static let bearer = [
        "WWW-Authenticate":
            "Bearer realm=\"http://127.0.0.1:{port}/token?a=b\",service=\"my service\",scope=\"repository:os/image:pull\""
    ]

    @Test("gets a token with user and password, once, and uses it for all requests")
    func token() throws {
        let server = try ScriptedServer([
            .init("/token*") { $0.body = #"{"access_token":"abc"}"# },
            .manifest("latest", Self.manifest) { $0.requires = ["Authorization": "Bearer abc"] },
            .manifest("latest", "") {
                $0.status = 401; $0.headers = Self.bearer
            },
        ])
        let folder = try TestFolder()
        let host = "127.0.0.1:\(server.port)"
        try #"{"auths":{"\#(host)":{"username":"u","password":"p:q"}}}"#.write(
            toFile: folder.path("auth"), atomically: false, encoding: .utf8)
        var client = try client(host) { $0.authFiles = [FilePath(folder.path("auth"))] }
        _ = try client.resolve()
        _ = try client.resolve()
        let requests = try server.requests()
        #expect(requests.count == 4)
        #expect(requests[1].path == "/token?a=b&service=my%20service&scope=repository%3Aos%2Fimage%3Apull")
        #expect(requests[1].headers["authorization"] == "Basic \(Base64.encode(Array("u:p:q".utf8)))")
    }

    @Test("sends an identity token in a form")
    func identityToken() throws {
        let server = try ScriptedServer([
            .init("/token*") {
                $0.method = "POST"; $0.body = #"{"access_token":"abc"}"#
            },
            .manifest("latest", Self.manifest) { $0.requires = ["Authorization": "Bearer abc"] },
            .manifest("latest", "") {
                $0.status = 401; $0.headers = Self.bearer
            },
        ])
        let folder = try TestFolder()
        let host = "127.0.0.1:\(server.port)"
        try #"{"auths":{"\#(host)":{"identitytoken":"long"}}}"#.write(
            toFile: folder.path("auth"), atomically: false, encoding: .utf8)
        var client = try client(host) { $0.authFiles = [FilePath(folder.path("auth"))] }
        _ = try client.resolve()
        #expect(try server.requests().map(\.method) == ["GET", "POST", "GET"])
    }

    @Test("does not go round in circles when the token is refused as well")
    func circle() throws {
        let server = try ScriptedServer([
            .init("/token*") { $0.body = #"{"token":"abc"}"# },
            .manifest("latest", "") {
                $0.status = 401; $0.headers = Self.bearer
            },
        ])
        var client = try client(server)
        #expect(failure { _ = try client.resolve() }?.kind == .denied)
        #expect(try server.requests().count == 3)
    }

    @Test(
        "says what a token server answers",
        arguments: [(401, RegistryFault.denied), (400, .denied), (404, .notFound), (500, .unreachable)])
    func tokenRefused(status: Int, kind: RegistryFault) throws {
        let server = try ScriptedServer([
            .init("/token*") { $0.status = status },
            .manifest("latest", "") {
                $0.status = 401; $0.headers = Self.bearer
            },
        ])
        var client = try client(server)
        let error = failure { _ = try client.resolve() }
        #expect(error?.kind == kind)
        #expect(error?.operation == "getting a token for")
    }

    @Test(
        "takes no nonsense for a token",
        arguments: ["<html>", "{}", #"{"token":""}"#, #"{"token":"a\nb"}"#, #"{"token":7}"#])
    func nonsense(answer: String) throws {
        let server = try ScriptedServer([
            .init("/token*") { $0.body = answer },
            .manifest("latest", "") {
                $0.status = 401; $0.headers = Self.bearer
            },
        ])
        var client = try client(server)
        #expect(failure { _ = try client.resolve() }?.kind == .misbehaving)
    }

    @Test(
        "refuses a token server without HTTPS for a registry elsewhere",
        arguments: ["http://10.0.0.1/token", "ftp://x/", "nonsense"])
    func insecureRealm(realm: String) throws {
        let server = try ScriptedServer([
            .manifest("latest", "") {
                $0.status = 401
                $0.headers = ["WWW-Authenticate": "Bearer realm=\"\(realm)\""]
            }
        ])
        var client = try client(server)
        let kind = failure { _ = try client.resolve() }?.kind
        #expect(kind == .insecure || kind == .misbehaving)
    }

    @Test("refuses plain HTTP to a registry elsewhere unless it is configured")
    func plain() throws {
        var client = try client("127.0.0.1.example:5000")
        #expect(client.endpoints.map(\.base.scheme) == ["https"])
        client = try RegistryAccessTests.client("10.0.2.2:5000") {
            $0.registries["10.0.2.2:5000"] = RegistryConfiguration.Settings()
            $0.registries["10.0.2.2:5000"]?.allowsPlainHTTP = true
        }
        #expect(client.endpoints.map(\.base.text) == ["http://10.0.2.2:5000/v2/"])
        #expect(client.pool.settings.plainAuthorities == ["10.0.2.2:5000"])
    }

    @Test("asks mirrors in order, then the registry")
    func mirrors() throws {
        // More than is held in memory: such a blob goes on at the next place where it broke.
        let content = bytes(1_200_000)
        let blob = try descriptor(content)
        let empty = try ScriptedServer([])
        let half = try ScriptedServer([
            .init("/v2/copies/os/image/blobs/*") {
                $0.base64 = Base64.encode(content); $0.cutAfter = 70_000; $0.times = 1
            },
            .init("/v2/copies/os/image/blobs/*") { $0.hangUp = true },
        ])
        let origin = try ScriptedServer([.blob(content, blob) { $0.ranges = true }, .manifest("latest", Self.manifest)])
        var client = try client("127.0.0.1:\(origin.port)") {
            var settings = RegistryConfiguration.Settings()
            settings.mirrors = ["127.0.0.1:\(empty.port)", "127.0.0.1:\(half.port)/copies"].compactMap { Mirror($0) }
            $0.registries["127.0.0.1:\(origin.port)"] = settings
        }
        _ = try client.resolve()
        var read: [UInt8] = []
        try client.read(blob, from: 0) { bytes in for index in bytes.indices { read.append(bytes[index]) } }
        #expect(read == content)
        #expect(try origin.requests().map(\.sent) == [Self.manifest.utf8.count, 1_130_000])
        #expect(try client.manifest(tag: "absent") == nil)
    }

    @Test("takes what a mirror has wrong from the registry")
    func lyingMirror() throws {
        let digest = try descriptor(Array(Self.manifest.utf8)).digest
        let mirror = try ScriptedServer([.manifest(digest.registryText, "{}")])
        let origin = try ScriptedServer([.manifest(digest.registryText, Self.manifest)])
        var client = try client("127.0.0.1:\(origin.port)", digest: digest) {
            var settings = RegistryConfiguration.Settings()
            settings.mirrors = ["127.0.0.1:\(mirror.port)"].compactMap { Mirror($0) }
            $0.registries["127.0.0.1:\(origin.port)"] = settings
        }
        #expect(try client.resolve().digest == digest)
    }

    @Test("takes a small blob that rotted in a mirror from the registry, and asks the mirror no more")
    func rottenMirror() throws {
        let content = bytes(100_000)
        let blob = try descriptor(content)
        let mirror = try ScriptedServer([.blob(bytes(100_000, seed: 3), blob)])
        let origin = try ScriptedServer([.blob(content, blob)])
        var client = try mirrored(origin, by: mirror)
        #expect(try client.bytes(of: blob) == content)
        #expect(try client.bytes(of: blob) == content)
        #expect(try mirror.requests().count == 1)
        #expect(try origin.requests().count == 2)
    }

    @Test("delivers nothing of a small blob that is wrong everywhere")
    func rottenEverywhere() throws {
        let blob = try descriptor(bytes(1000))
        let wrong = bytes(1000, seed: 3)
        let mirror = try ScriptedServer([.blob(wrong, blob)])
        let origin = try ScriptedServer([.blob(wrong, blob)])
        var client = try mirrored(origin, by: mirror)
        var received = 0
        #expect(failure { try client.read(blob, from: 0) { received += $0.count } }?.kind == .corrupted)
        #expect(received == 0)
        #expect(try origin.requests().count == 1)
    }

    @Test("an error of a small blob's receiver is final")
    func receiver() throws {
        let content = bytes(1000)
        let blob = try descriptor(content)
        let mirror = try ScriptedServer([.blob(content, blob)])
        let origin = try ScriptedServer([.blob(content, blob)])
        var client = try mirrored(origin, by: mirror)
        let error = RegistryError.corrupted("reading", "it", "the receiver says so")
        #expect(failure { try client.read(blob, from: 0) { _ in throw error } } == error)
        #expect(try origin.requests().isEmpty)
    }

    private func mirrored(_ origin: ScriptedServer, by mirror: ScriptedServer) throws -> RegistryClient {
        try client("127.0.0.1:\(origin.port)") {
            var settings = RegistryConfiguration.Settings()
            settings.mirrors = ["127.0.0.1:\(mirror.port)"].compactMap { Mirror($0) }
            $0.registries["127.0.0.1:\(origin.port)"] = settings
        }
    }

    @Test("reads the dates of Retry-After")
    func dates() {
        #expect(RetryPolicy.requestedPause("Sun, 06 Nov 1994 08:49:37 GMT", now: 784_111_770) == .seconds(7))
        #expect(RetryPolicy.requestedPause("Sun, 06 Nov 1994 08:49:37 GMT", now: 784_111_999) == .seconds(0))
        #expect(RetryPolicy.requestedPause("12", now: 0) == .seconds(12))
        for wrong in ["", "-1", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "soon"] {
            #expect(RetryPolicy.requestedPause(wrong, now: 0) == (wrong.isEmpty ? nil : nil))
        }
    }

    @Test("pauses grow, vary and are bounded")
    func pauses() {
        let policy = RetryPolicy()
        for failures in 1...40 {
            let pause = policy.pause(afterFailures: failures)
            #expect(pause >= min(.milliseconds(250) * (1 << min(failures - 1, 16)), .seconds(8)))
            #expect(pause <= policy.longestPause)
        }
    }
}
