import Faults
import HTTPTransfer
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import DataSources

@Suite("Requests over the network") struct NetworkClientTests {
    private func ask(
        _ port: Int, _ path: String = "/a", within time: Duration = .seconds(20), limit: Int = 1 << 20,
        _ change: (inout SourceRequest) -> Void = { _ in }
    ) throws(HTTPError) -> SourceResponse {
        var limits = DataSourceLimits()
        limits.answer = limit
        var request = SourceRequest("http://127.0.0.1:\(port)\(path)")
        change(&request)
        return try NetworkClient(limits: limits).answer(request, until: .after(time))
    }

    /// The time that a body takes.
    private func time(of body: () throws -> Void) rethrows -> Duration {
        let start = MonotonicClock.now()
        try body()
        return MonotonicClock.now() - start
    }

    @Test("gives status and body, whatever the status is, and sends method and headers")
    func answers() throws {
        let server = try ScriptedServer([
            .init("/a") {
                $0.method = "PUT"; $0.requires = ["x-key": "7"]; $0.body = "yes"
            }
        ])
        let yes = try ask(server.port) {
            $0.method = .put
            $0.headers = [("X-Key", "7")]
        }
        #expect(yes == SourceResponse(status: 200, body: Array("yes".utf8)))
        #expect(try ask(server.port).status == 404)
        #expect(try server.requests().first?.headers["content-length"] == "0")
    }

    @Test("a server in trouble is asked again, at most twice", arguments: [(1, 200, 2), (5, 503, 3)])
    func trouble(times: Int, status: Int, requests: Int) throws {
        let server = try ScriptedServer([
            .init("/a") {
                $0.status = 503; $0.times = times
            }, .init("/a") { $0.body = "well" },
        ])
        #expect(try ask(server.port).status == status)
        #expect(try server.requests().count == requests)
    }

    @Test(
        "a server that breaks a connection is asked again, but not when that took long", arguments: [(5000, 3), (0, 1)])
    func broken(quick: Int, requests: Int) throws {
        let server = try ScriptedServer([.init("/a") { $0.hangUp = true }])
        var client = NetworkClient(limits: DataSourceLimits())
        client.pauses = [.milliseconds(10), .milliseconds(10)]
        client.quick = .milliseconds(quick)
        let request = SourceRequest("http://127.0.0.1:\(server.port)/a")
        let error = #expect(throws: HTTPError.self) { try client.answer(request, until: .after(.seconds(20))) }
        #expect(error?.kind == .broken)
        #expect(try server.requests().count == requests)
    }

    @Test("no pause before another attempt is longer than the time that is left")
    func shortOfTime() throws {
        var client = NetworkClient(limits: DataSourceLimits())
        client.pauses = [.seconds(10)]
        let request = SourceRequest("http://127.0.0.1:\(try LoopbackPort.free())/a")
        let spent = time {
            let error = #expect(throws: HTTPError.self) { try client.answer(request, until: .after(.seconds(1))) }
            #expect(error?.kind == .unreachable)
        }
        #expect(spent < .seconds(8))
    }

    @Test("a server that hangs, drips or never ends is left at the deadline, or at the limit")
    func bounds() throws {
        let server = try ScriptedServer([
            .init("/hang") { $0.delay = 30 },
            .init("/drip") {
                $0.body = String(repeating: "x", count: 500); $0.drip = 0.2
            }, .init("/endless") { $0.endless = true },
            .init("/slowly") {
                $0.status = 302; $0.headers = ["Location": "/slowly"]; $0.delay = 0.4
            },
        ])
        for path in ["/hang", "/drip", "/slowly"] {
            let spent = time {
                let error = #expect(throws: HTTPError.self) { try ask(server.port, path, within: .milliseconds(600)) }
                #expect(error?.isTransient == true, "\(path)")
            }
            #expect(spent < .seconds(4), "\(path)")
        }
        let error = #expect(throws: HTTPError.self) { try ask(server.port, "/endless") }
        #expect(error?.kind == .tooLarge)
        #expect((try server.requests().last?.sent ?? 0) < 32 << 20)
    }

    @Test("an answer of exactly the limit is taken, and one byte more is not")
    func limit() throws {
        let server = try ScriptedServer([.init("/a") { $0.body = "0123456789" }])
        #expect(try ask(server.port, limit: 10).body.count == 10)
        #expect(throws: HTTPError.self) { try ask(server.port, limit: 9) }
    }

    @Test("named addresses may lead elsewhere, but not for ever; a server of metadata may not")
    func redirects() throws {
        let server = try ScriptedServer([
            .init("/a") {
                $0.status = 302; $0.headers = ["Location": "/b"]
            }, .init("/b") { $0.body = "here" },
            .init("/loop") {
                $0.status = 302; $0.headers = ["Location": "/loop"]
            },
        ])
        #expect(try ask(server.port).body == Array("here".utf8))
        let metadata = #expect(throws: HTTPError.self) {
            try ask(server.port) {
                $0.isMetadata = true
                $0.headers = [("X-Token", "secret")]
            }
        }
        #expect(metadata?.kind == .invalid)
        #expect(try server.requests().filter { $0.path == "/b" }.count == 1)
        let loop = #expect(throws: HTTPError.self) { try ask(server.port, "/loop") }
        #expect(loop?.kind == .invalid)
    }

    @Test("a certificate of nobody known is refused, and one of a known authority is taken")
    func trust() throws {
        let certificates = try Certificates()
        let server = try ScriptedServer(
            [.init("/a") { $0.body = "safe" }], certificate: certificates.certificate, key: certificates.key)
        let request = SourceRequest("https://127.0.0.1:\(server.port)/a")
        var client = NetworkClient(limits: DataSourceLimits())
        let error = #expect(throws: HTTPError.self) { try client.answer(request, until: .after(.seconds(20))) }
        #expect(error?.kind == .untrusted)
        client.authorities = FilePath(certificates.authority)
        #expect(try client.answer(request, until: .after(.seconds(20))).body == Array("safe".utf8))
    }

    @Test(
        "hosts on the same link are told by their addresses",
        arguments: [
            ("169.254.169.254", true), ("169.254.example", false), ("169.25.4.1", false), ("[fe80::1]", true),
            ("[fd00:ec2::254]", false), ("10.169.254.1", false),
        ])
    func linkLocal(host: String, isLocal: Bool) { #expect(NetworkClient.isLinkLocal(host) == isLocal) }

    @Test("what is no address is refused, and its secrets are not said")
    func addresses() {
        let request = SourceRequest("https://user:secret@h/x")
        #expect(throws: HTTPError.self) {
            try NetworkClient(limits: DataSourceLimits()).answer(request, until: .after(.seconds(5)))
        }
        #expect(request.withoutQuery == "an address")
        #expect(SourceRequest("https://h/x?key=secret").withoutQuery == "https://h/x")
    }
}
