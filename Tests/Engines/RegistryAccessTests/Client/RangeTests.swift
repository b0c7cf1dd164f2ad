import Faults
import Foundation
import ImageModel
import RegistryModel
import TestServers
import Testing

@testable import RegistryAccess

@Suite("Ranges of blobs") struct RangeTests {
    private static let ranges = [0..<70_000, 100_000..<300_000, 310_000..<310_001, 400_000..<990_000]

    /// Reads the ranges and says whether what came is right.
    private func read(
        _ content: [UInt8], _ rules: [ScriptedServer.Rule], ranges: [Range<Int>] = RangeTests.ranges
    ) throws -> Outcome {
        let blob = try descriptor(content)
        let server = try ScriptedServer(rules)
        var client = try client(server)
        var pieces = [UInt8?](repeating: nil, count: content.count)
        var delivered = 0
        let answer = try client.read(blob, ranges: ranges) { offset, bytes in
            delivered += bytes.count
            for index in bytes.indices { pieces[offset + index] = bytes[index] }
        }
        let isRight = zip(pieces, content).allSatisfy { $0 == nil || $0 == $1 }
        let isWhole = ranges.allSatisfy { range in pieces[range].allSatisfy { $0 != nil } }
        return Outcome(
            answer: answer, isRight: isRight, isWhole: isWhole, delivered: delivered,
            received: client.traffic.bytesReceived, requests: try server.requests())
    }

    private struct Outcome {
        let answer: RangeAnswer
        let isRight: Bool
        let isWhole: Bool
        let delivered: Int
        let received: Int
        let requests: [ScriptedServer.Request]
    }

    private static let wanted = ranges.reduce(0) { $0 + $1.count }

    @Test("come whole, each by one request, over connections that are used again")
    func whole() throws {
        let content = bytes(1_000_000)
        let outcome = try read(content, [.blob(content, try descriptor(content)) { $0.ranges = true }])
        #expect(outcome.answer == .complete)
        #expect(outcome.isRight && outcome.isWhole)
        #expect(outcome.delivered == Self.wanted)
        #expect(outcome.received == Self.wanted)
        #expect(outcome.requests.count == Self.ranges.count)
    }

    @Test("go on after broken connections, 429 and 503, without a byte twice")
    func broken() throws {
        let content = bytes(1_000_000)
        let blob = try descriptor(content)
        let outcome = try read(
            content,
            [
                .blob(content, blob) {
                    $0.times = 3; $0.ranges = true; $0.cutAfter = 66_000
                },
                .blob([], blob) {
                    $0.times = 1; $0.status = 429; $0.headers = ["Retry-After": "0"]
                },
                .blob([], blob) {
                    $0.times = 1; $0.status = 503
                },
                .blob(content, blob) {
                    $0.times = 1; $0.hangUp = true
                },
                .blob(content, blob) { $0.ranges = true },
            ])
        #expect(outcome.answer == .complete)
        #expect(outcome.isRight && outcome.isWhole)
        #expect(outcome.delivered == Self.wanted)
        #expect(outcome.received == Self.wanted)
    }

    @Test("survive a moment in which all requests at once are refused", arguments: [429, 503])
    func hiccup(status: Int) throws {
        let content = bytes(1_000_000)
        let blob = try descriptor(content)
        let ranges = (0..<9).map { $0 * 100_000..<$0 * 100_000 + 1_000 }
        let outcome = try read(
            content,
            [
                .blob([], blob) {
                    $0.times = 6; $0.status = status; $0.headers = ["Retry-After": "0"]
                },
                .blob(content, blob) { $0.ranges = true },
            ],
            ranges: ranges)
        #expect(outcome.answer == .complete)
        #expect(outcome.isRight && outcome.isWhole)
        #expect(outcome.requests.count == 6 + ranges.count)
    }

    @Test("are given up after six moments of that kind")
    func refused() throws {
        let blob = try descriptor(bytes(1_000_000))
        let server = try ScriptedServer([.blob([], blob) { $0.status = 503 }])
        var client = try client(server)
        #expect(failure { _ = try client.read(blob, ranges: Self.ranges) { _, _ in } }?.kind == .unreachable)
        #expect(client.traffic.requests <= 6 * Self.ranges.count)
    }

    @Test("are unsupported where the answer is no 206, whose body is then not read", arguments: [200, 400, 416, 501])
    func unsupported(status: Int) throws {
        let content = bytes(1_000_000)
        let outcome = try read(
            content,
            [
                .blob(content, try descriptor(content)) {
                    $0.status = status; $0.endless = true
                }
            ])
        #expect(outcome.answer == .unsupported)
        #expect(outcome.delivered == 0)
        #expect(outcome.received < 4 << 20)
    }

    @Test("may end in the middle; what came is good")
    func middle() throws {
        let content = bytes(1_000_000)
        let blob = try descriptor(content)
        let outcome = try read(
            content,
            [
                .blob(content, blob) {
                    $0.times = 2; $0.ranges = true
                },
                .blob(content, blob) { $0.delay = 0.5 },
            ])
        #expect(outcome.answer == .unsupported)
        #expect(outcome.isRight && !outcome.isWhole)
        #expect(outcome.delivered >= 70_000)
    }

    @Test("are asked for anew with fresh credentials when a token runs out")
    func tokenRunsOut() throws {
        let content = bytes(1_000_000)
        let blob = try descriptor(content)
        let outcome = try read(
            content,
            [
                .init("/token*") { $0.body = #"{"token":"fresh","expires_in":300}"# },
                .blob(content, blob) {
                    $0.requires = ["Authorization": "Bearer fresh"]; $0.ranges = true
                },
                .blob([], blob) {
                    $0.status = 401
                    $0.headers = ["WWW-Authenticate": "Bearer realm=\"http://127.0.0.1:{port}/token\""]
                },
            ])
        #expect(outcome.answer == .complete)
        #expect(outcome.isRight && outcome.isWhole)
        #expect(outcome.requests.count { $0.path.hasPrefix("/token") } == 1)
    }

    @Test("go on at the registry where a mirror fails", arguments: ["hang up", "redirect", "no ranges"])
    func mirror(fault: String) throws {
        let content = bytes(1_000_000)
        let blob = try descriptor(content)
        let path = "/v2/os/image/blobs/\(blob.digest.registryText)"
        let mirror = try ScriptedServer([
            .blob(content, blob) {
                $0.times = 2
                $0.ranges = true
            },
            .init(path) {
                switch fault {
                case "hang up": $0.hangUp = true
                case "redirect":
                    $0.status = 307
                    $0.headers = ["Location": "http://10.0.0.1/elsewhere"]
                default: $0.body = "the whole"
                }
            },
        ])
        let origin = try ScriptedServer([.blob(content, blob) { $0.ranges = true }])
        var client = try client("127.0.0.1:\(origin.port)") {
            var settings = RegistryConfiguration.Settings()
            settings.mirrors = ["127.0.0.1:\(mirror.port)"].compactMap { Mirror($0) }
            $0.registries["127.0.0.1:\(origin.port)"] = settings
        }
        var pieces = [UInt8?](repeating: nil, count: content.count)
        var delivered = 0
        let answer = try client.read(blob, ranges: Self.ranges) { offset, bytes in
            delivered += bytes.count
            for index in bytes.indices { pieces[offset + index] = bytes[index] }
        }
        #expect(answer == .complete)
        for range in Self.ranges { #expect(pieces[range].elementsEqual(content[range].map { Optional($0) })) }
        #expect(delivered == Self.wanted)
    }

    @Test("of nothing need no request")
    func nothing() throws {
        let server = try ScriptedServer([])
        var client = try client(server)
        #expect(try client.read(try descriptor([1]), ranges: []) { _, _ in } == .complete)
        #expect(client.traffic == Traffic())
    }
}
