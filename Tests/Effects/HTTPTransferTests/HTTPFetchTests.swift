import Faults
import LinuxSystem
import TestServers
import Testing

@testable import HTTPTransfer

@Suite("Fetching what an address has")
struct HTTPFetchTests {
    private static func fetch(attempts: Int) -> HTTPFetch {
        var fetch = HTTPFetch()
        fetch.retries.attempts = attempts
        fetch.retries.firstPause = .milliseconds(10)
        return fetch
    }

    private static func request(_ server: ScriptedServer, _ path: String = "/a") throws -> HTTPRequest {
        var request = HTTPRequest(.get, try address(server, path))
        request.longestBody = 1000
        return request
    }

    @Test("begins anew after a server in trouble and after a broken connection")
    func repeats() throws {
        let server = try ScriptedServer([
            .init("/a") {
                $0.status = 503; $0.times = 1; $0.body = "later"
            },
            .init("/a") {
                $0.body = "0123456789"; $0.cutAfter = 4; $0.times = 1
            },
            .init("/a") { $0.body = "0123456789" },
        ])
        var (begins, bytes) = (0, [UInt8]())
        try Self.fetch(attempts: 3).stream(
            try Self.request(server), until: .after(.seconds(20)),
            begin: {
                begins += 1; bytes = []
            }, { _, part in bytes += part })
        #expect(bytes == Array("0123456789".utf8) && begins == 3)
        #expect(try server.requests().count == 3)
    }

    @Test(
        "gives up after so many attempts, and at once where trying again is of no use", arguments: [(503, 2), (404, 1)])
    func givesUp(status: Int, requests: Int) throws {
        let server = try ScriptedServer([
            .init("/a") {
                $0.status = status; $0.body = "no"
            }
        ])
        let error = #expect(throws: HTTPError.self) {
            try Self.fetch(attempts: 2).bytes(try Self.request(server), until: .after(.seconds(20)))
        }
        #expect(error?.kind == .refused && error?.cause.contains("\(status)") == true)
        #expect(try server.requests().count == requests)
    }

    @Test("ends at the deadline: in the middle of an answer, between redirects, and before a pause that is longer")
    func deadline() throws {
        let server = try ScriptedServer([
            .init("/drip") {
                $0.body = String(repeating: "x", count: 500); $0.drip = 0.2
            },
            .init("/round") {
                $0.status = 302; $0.headers = ["Location": "/round"]; $0.delay = 0.3
            },
            .init("/busy") {
                $0.status = 503; $0.headers = ["Retry-After": "60"]
            },
        ])
        for path in ["/drip", "/round", "/busy"] {
            let start = MonotonicClock.now()
            #expect(throws: HTTPError.self) {
                try Self.fetch(attempts: 9).bytes(try Self.request(server, path), until: .after(.seconds(1)))
            }
            #expect(MonotonicClock.now() - start < .seconds(6), "\(path)")
        }
    }

    @Test("takes no more than the limit")
    func limit() throws {
        let server = try ScriptedServer([.init("/a") { $0.body = String(repeating: "x", count: 1001) }])
        let error = #expect(throws: HTTPError.self) {
            try Self.fetch(attempts: 2).bytes(try Self.request(server), until: .after(.seconds(20)))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test("says that an address without TLS can be changed on the way")
    func plain() throws {
        #expect(try HTTPAddress("http://h/x?key=1").plainNote?.hasPrefix("http://h/x was fetched without TLS") == true)
        #expect(try HTTPAddress("https://h/x").plainNote == nil)
    }
}
