import Cryptography
import Faults
import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

@Suite("Against a registry that lies or fails") struct LyingRegistryTests {
    private static let manifest = #"{"schemaVersion":2,"mediaType":"\#(MediaType.manifest)"}"#

    @Test("refuses a manifest with another digest than asked for or announced")
    func wrongDigest() throws {
        let other = try SHA256Hasher.digest(of: [1])
        let server = try ScriptedServer([
            .manifest("latest", Self.manifest) { $0.headers?["Docker-Content-Digest"] = other.registryText },
            .manifest(other.registryText, Self.manifest),
        ])
        var byTag = try client(server)
        #expect(failure { _ = try byTag.resolve() }?.kind == .corrupted)
        #expect(failure { _ = try byTag.manifest(other) }?.kind == .corrupted)
        var byDigest = try client(server, digest: other)
        #expect(failure { _ = try byDigest.resolve() }?.kind == .corrupted)
    }

    @Test("a 304 counts when it was asked for and contradicts nothing")
    func unchanged() throws {
        let known = ManifestDocument(
            mediaType: MediaType.manifest, bytes: Array(Self.manifest.utf8),
            digest: try SHA256Hasher.digest(of: Array(Self.manifest.utf8)))
        let other = try SHA256Hasher.digest(of: [1])
        let condition = ["If-None-Match": "\"\(known.digest.registryText)\""]
        let server = try ScriptedServer([
            .manifest("latest", "") {
                $0.status = 304
                $0.requires = condition
            },
            .manifest("liar", "") {
                $0.status = 304
                $0.headers?["Docker-Content-Digest"] = other.registryText
            },
            .manifest("eager", "") { $0.status = 304 },
            .manifest("plain", Self.manifest),
        ])
        var latest = try client(server)
        #expect(try latest.resolve(known: known) == known)
        var liar = try client(server, tag: "liar")
        #expect(failure { _ = try liar.resolve(known: known) }?.kind == .corrupted)
        var eager = try client(server, tag: "eager")
        #expect(failure { _ = try eager.resolve() }?.kind == .misbehaving)
        var plain = try client(server, tag: "plain")
        #expect(try plain.resolve(known: known) == known)
        var pinned = try client(server, tag: "latest", digest: other)
        #expect(throws: RegistryError.self) { try pinned.resolve(known: known) }
    }

    @Test("refuses HTML instead of JSON, with the type in the message")
    func html() throws {
        let server = try ScriptedServer([
            .manifest("latest", "<html>Log in</html>") { $0.headers = ["Content-Type": "text/html; charset=utf-8"] }
        ])
        var client = try client(server)
        let error = failure { _ = try client.resolve() }
        #expect(error?.kind == .misbehaving)
        #expect(error?.cause.contains("'text/html'") == true)
    }

    @Test("repeats what a server says in plain text, without control characters")
    func words() throws {
        let server = try ScriptedServer([
            .manifest("latest", "speak HTTPS\u{7F}here\nmore") {
                $0.status = 400
                $0.headers = ["Content-Type": "text/plain"]
            }
        ])
        var client = try client(server)
        let error = failure { _ = try client.resolve() }
        #expect(error?.cause.hasSuffix("status 400, 'speak HTTPS\u{FFFD}here'") == true)
    }

    @Test("ends endless bodies: manifest, blob and token")
    func endless() throws {
        let content = bytes(1000)
        let blob = try descriptor(content)
        let server = try ScriptedServer([
            .manifest("latest", Self.manifest) { $0.endless = true },
            .blob(content, blob) { $0.endless = true },
            .manifest("closed", "") {
                $0.status = 401
                $0.headers = ["WWW-Authenticate": "Bearer realm=\"http://127.0.0.1:{port}/token\",service=\"s\""]
            },
            .init("/token*") { $0.endless = true },
        ])
        var client = try client(server)
        #expect(failure { _ = try client.resolve() }?.kind == .misbehaving)
        var received = 0
        #expect(failure { try client.read(blob, from: 0) { received += $0.count } }?.kind == .corrupted)
        #expect(received <= 1000)
        #expect(failure { _ = try client.manifest(tag: "closed") }?.kind == .misbehaving)
    }

    @Test("refuses another success than 200 at its head, however long the body is", arguments: [201, 203, 226])
    func otherSuccess(status: Int) throws {
        var blob = try descriptor([1])
        blob.size = 64 << 20
        let server = try ScriptedServer([
            .blob([], blob) {
                $0.status = status; $0.endless = true
            }
        ])
        var client = try client(server)
        var received = 0
        #expect(failure { try client.read(blob, from: 0) { received += $0.count } }?.kind == .misbehaving)
        #expect(received == 0)
        #expect(client.traffic.bytesReceived < 4 << 20)
    }

    @Test("refuses a blob that is shorter, longer or other than described")
    func wrongBlobs() throws {
        let content = bytes(300_000)
        let blob = try descriptor(content)
        for wrong in [Array(content.dropLast()), content + [0], bytes(300_000, seed: 9)] {
            let server = try ScriptedServer([.blob(wrong, blob)])
            var client = try client(server)
            var received = 0
            #expect(failure { try client.read(blob, from: 0) { received += $0.count } }?.kind == .corrupted)
            #expect(received <= blob.size)
            #expect(client.traffic.requests == 1)
        }
    }

    @Test("gives up on a blob whose connection always breaks at the same place")
    func alwaysBroken() throws {
        let content = bytes(300_000)
        let blob = try descriptor(content)
        let server = try ScriptedServer([
            .blob(content, blob) {
                $0.cutAfter = 0; $0.ranges = true
            }
        ])
        var client = try client(server)
        #expect(failure { try client.read(blob, from: 0) { _ in } }?.kind == .unreachable)
        #expect(try server.requests().count == 6)
    }

    @Test("goes on after broken connections where they broke, fetching nothing twice")
    func resumes() throws {
        let content = bytes(1_000_000)
        let blob = try descriptor(content)
        let server = try ScriptedServer([
            .blob(content, blob) {
                $0.times = 1; $0.cutAfter = 300_000
            },
            .blob(content, blob) {
                $0.times = 8; $0.cutAfter = 80_000; $0.ranges = true
            },
            .blob(content, blob) { $0.ranges = true },
        ])
        var client = try client(server)
        #expect(try read(blob, &client) == content)
        let requests = try server.requests()
        #expect(requests.count == 10)
        #expect(requests[1].headers["range"] == "bytes=300000-999999")
        #expect(client.traffic.bytesReceived == 1_000_000)
        #expect(requests.reduce(0) { $0 + $1.sent } == 1_000_000)
    }

    @Test("passes over what it has when the server gives the whole again", arguments: [200, 416])
    func withoutRanges(status: Int) throws {
        let content = bytes(500_000)
        let blob = try descriptor(content)
        var rules: [ScriptedServer.Rule] = [
            .blob(content, blob) {
                $0.times = 1; $0.cutAfter = 123_456
            }
        ]
        if status == 416 {
            rules.append(
                .blob([], blob) {
                    $0.times = 1; $0.status = 416
                })
        }
        rules.append(.blob(content, blob))
        let server = try ScriptedServer(rules)
        var client = try client(server)
        #expect(try read(blob, &client) == content)
    }

    @Test("refuses a 206 with another range", arguments: ["bytes 0-99/1000", "bytes 500-998/999", "", "bytes 500-1/2"])
    func wrongRange(range: String) throws {
        let content = bytes(1000)
        let blob = try descriptor(content)
        let server = try ScriptedServer([
            .blob(Array(content.suffix(500)), blob) {
                $0.status = 206; $0.headers = ["Content-Range": range]
            }
        ])
        var client = try client(server)
        #expect(failure { try client.read(blob, from: 500) { _ in } }?.kind == .misbehaving)
        #expect(failure { _ = try client.read(blob, ranges: [500..<1000]) { _, _ in } }?.kind == .misbehaving)
    }

    @Test("waits as long as a 429 says", arguments: [true, false])
    func patience(date: Bool) throws {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let moment = Date(timeIntervalSinceNow: 3)
        let after = date ? formatter.string(from: moment) : "1"
        let server = try ScriptedServer([
            .manifest("latest", "") {
                $0.times = 1; $0.status = 429; $0.headers = ["Retry-After": after]
            },
            .manifest("latest", "") {
                $0.times = 1; $0.status = 503
            },
            .manifest("latest", Self.manifest),
        ])
        var client = try client(server)
        let start = MonotonicClock.now()
        _ = try client.resolve()
        if date {
            #expect(Date().timeIntervalSince1970 >= moment.timeIntervalSince1970.rounded(.down))
        } else {
            #expect(MonotonicClock.now() - start > .milliseconds(950))
        }
        #expect(try server.requests().count == 3)
    }

    @Test("does not wait for a server that wants too much time")
    func impatience() throws {
        let server = try ScriptedServer([
            .manifest("latest", "") {
                $0.status = 429; $0.headers = ["Retry-After": "86400"]
            }
        ])
        var client = try client(server)
        let start = MonotonicClock.now()
        #expect(failure { _ = try client.resolve() }?.kind == .unreachable)
        #expect(MonotonicClock.now() - start < .seconds(60))
    }

    @Test("asks six times, then says that nobody answers", arguments: [500, 429, 0])
    func attempts(status: Int) throws {
        let server = try ScriptedServer([
            .manifest("latest", "") { if status == 0 { $0.hangUp = true } else { $0.status = status } }
        ])
        var client = try client(server)
        #expect(failure { _ = try client.resolve() }?.kind == .unreachable)
        #expect(client.traffic.requests == 6)
    }

    @Test("does not take an error for an absence", arguments: [401, 403, 500])
    func couldNotAsk(status: Int) throws {
        let server = try ScriptedServer([.manifest("sig", "") { $0.status = status }])
        var client = try client(server)
        #expect(throws: RegistryError.self) { _ = try client.manifest(tag: "sig") }
        #expect(try client.manifest(tag: "absent") == nil)
    }

    @Test("refuses a redirect of a blob to plain HTTP elsewhere")
    func plainRedirect() throws {
        let blob = try descriptor([1])
        let server = try ScriptedServer([
            .blob([], blob) {
                $0.status = 307; $0.headers = ["Location": "http://storage.example/blob"]
            }
        ])
        var client = try client(server)
        let error = failure { try client.read(blob, from: 0) { _ in } }
        #expect(error?.kind == .insecure)
    }

    @Test("ends a read at once when the receiver or the checkpoint says so")
    func cancelled() throws {
        let content = bytes(1_000_000)
        let blob = try descriptor(content)
        let server = try ScriptedServer([
            .blob(content, blob) { $0.ranges = true }, .manifest("latest", "") { $0.delay = 120 },
        ])
        var client = try client(server)
        #expect(throws: Stop.self) { try client.read(blob, from: 0) { _ in throw Stop() } }
        #expect(throws: Stop.self) { _ = try client.read(blob, ranges: [0..<10]) { _, _ in throw Stop() } }
        let start = MonotonicClock.now()
        client.checkpoint = { if MonotonicClock.now() - start > .milliseconds(300) { throw Stop() } }
        #expect(throws: Stop.self) { _ = try client.resolve() }
        #expect(MonotonicClock.now() - start < .seconds(60))
    }

    private func read(_ blob: Descriptor, _ client: inout RegistryClient) throws -> [UInt8] {
        var read: [UInt8] = []
        try client.read(blob, from: 0) { bytes in for index in bytes.indices { read.append(bytes[index]) } }
        return read
    }
}
