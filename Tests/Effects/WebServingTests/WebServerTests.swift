import Faults
import Glibc
import LinuxSystem
import Synchronization
import TestServers
import Testing
import WebMessages

@testable import WebServing

/// Answers with the request, or with as many bytes as the path says.
private final class Echo: RequestAnswering {
    let asked = Mutex<[WebRequest]>([])

    func answer(_ request: WebRequest) -> WebAnswer {
        asked.withLock { $0.append(request) }
        guard let size = Int(request.target.dropFirst()) else {
            let answer = WebAnswer(200, [("X-Method", request.method)], bytes: Array(request.target.utf8))
            return request.wantsHeadAlone ? answer.headAlone() : answer
        }
        return WebAnswer(to: request, Zeroes(), tag: "zeroes", size: size, fields: [])
    }
}

private struct Zeroes: WebContent {
    /// Beyond this place nothing can be read.
    static let end = 1 << 40

    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset + count <= Self.end else { throw ServerError("the end") }
        return [UInt8](repeating: 0x30, count: count)
    }
}

@Suite("The server")
struct WebServerTests {
    static let here = ListenAddress(host: "127.0.0.1", port: 0)

    /// Sends a request and reads everything until the server closes.
    static func ask(_ server: WebServer, _ text: String) throws -> String? {
        let client = try RawClient(server.address.port)
        client.send(text)
        return client.read()
    }

    @Test("requests come with their methods, targets and fields, and answers with theirs")
    func exchange() throws {
        let echo = Echo()
        let server = try WebServer(Self.here, answering: echo)
        let answer = try Self.ask(
            server, "GET /a%20b?c HTTP/1.1\r\nHost: x\r\nRange: a\r\nRANGE: b\r\nConnection: close\r\n\r\n")
        #expect(answer?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
        #expect(answer?.contains("X-Method: GET\r\n") == true && answer?.hasSuffix("\r\n\r\n/a%20b?c") == true)
        let request = echo.asked.withLock { $0.first }
        #expect(request?.target == "/a%20b?c" && request?.fields["range"] == "a, b")
        try server.stop()
    }

    @Test("several requests go over one connection, and a head has the length of what does not follow")
    func again() throws {
        let server = try WebServer(Self.here, answering: Echo())
        let head = "HEAD /100000 HTTP/1.1\r\nHost: x\r\n"
        let answer = try Self.ask(server, head + "\r\n" + head + "\r\n" + head + "Connection: close\r\n\r\n")
        #expect(answer?.split(separator: "HTTP/1.1 200 OK").count == 3)
        #expect(answer?.contains("Content-Length: 100000\r\n") == true && answer?.hasSuffix("\r\n\r\n") == true)
        try server.stop()
    }

    @Test("content of many pieces comes whole, and in part", arguments: [nil, 65_530..<131_080, 199_999..<200_000])
    func content(range: Range<Int>?) throws {
        let server = try WebServer(Self.here, answering: Echo())
        let field = range.map { "Range: bytes=\($0.lowerBound)-\($0.upperBound - 1)\r\n" } ?? ""
        let answer = try Self.ask(server, "GET /200000 HTTP/1.1\r\nHost: x\r\n\(field)Connection: close\r\n\r\n")
        let body = answer?.split(separator: "\r\n\r\n", maxSplits: 1).last
        #expect(answer?.hasPrefix(range == nil ? "HTTP/1.1 200" : "HTTP/1.1 206") == true)
        #expect(body?.utf8.count == range?.count ?? 200_000)
        try server.stop()
    }

    @Test("content that cannot be read to its end ends the connection before its length")
    func broken() throws {
        let server = try WebServer(Self.here, answering: Echo())
        let range = "Range: bytes=\(Zeroes.end - 140_000)-\(Zeroes.end + 139_999)\r\n"
        let answer = try Self.ask(server, "GET /\(Zeroes.end * 2) HTTP/1.1\r\nHost: x\r\n\(range)\r\n")
        #expect(answer?.contains("Content-Length: 280000\r\n") == true)
        #expect(answer.map { $0.utf8.count < 140_000 } == true)
        try server.stop()
    }

    @Test(
        "what is no request, or too much of one, is answered by 400 or by an end",
        arguments: [
            "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n",
            "GET /\(String(repeating: "a", count: 10_000)) HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nLong: \(String(repeating: "a", count: 10_000))\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "F: \(String(repeating: "a", count: 1_000))\r\n", count: 40))\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "F: a\r\n", count: 200))\r\n",
        ])
    func malformed(request: String) throws {
        let echo = Echo()
        let server = try WebServer(Self.here, answering: echo)
        let answer = try #require(try Self.ask(server, request))
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"))
        #expect(echo.asked.withLock { $0.isEmpty })
        try server.stop()
    }

    @Test(
        "a head without end is cut off",
        arguments: ["GET /", "GET / HTTP/1.1\r\nHost: x\r\nLong: ", "GET / HTTP/1.1\r\n"])
    func endless(start: String) throws {
        let server = try WebServer(Self.here, answering: Echo())
        let client = try RawClient(server.address.port)
        client.send(start)
        let more =
            start.hasSuffix("\n") ? String(repeating: "F: a\r\n", count: 1_000) : String(repeating: "a", count: 6_000)
        var sent = 0
        while client.send(more), sent < 64 << 20 { sent += more.utf8.count }
        #expect(sent < 64 << 20)
        try server.stop()
    }

    @Test("a body that nobody wants is thrown away, and cut off when it is long")
    func body() throws {
        let server = try WebServer(Self.here, answering: Echo())
        let client = try RawClient(server.address.port)
        client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        let more = String(repeating: "a", count: 60_000)
        var sent = 0
        while client.send(more), sent < 64 << 20 { sent += more.utf8.count }
        #expect(sent < 64 << 20)
        try server.stop()
    }

    @Test(
        "who does not say what it wants in time is not waited for",
        arguments: ["", "GET / HTTP/1.1\r\nHost", "GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"])
    func slow(start: String) throws {
        var limits = ServingLimits()
        (limits.requestTime, limits.idleTime) = (.milliseconds(300), .milliseconds(300))
        let server = try WebServer(Self.here, limits, answering: Echo())
        let client = try RawClient(server.address.port)
        client.send(start)
        #expect(client.read() != nil, "the server has not closed")
        try server.stop()
    }

    @Test("drops of a head do not keep a connection")
    func drip() throws {
        var limits = ServingLimits()
        limits.requestTime = .milliseconds(500)
        let server = try WebServer(Self.here, limits, answering: Echo())
        let client = try RawClient(server.address.port)
        client.send("GET / HTTP/1.1\r\n")
        var drops = 0
        while client.send("F: a\r\n"), drops < 90 {
            usleep(100_000)
            drops += 1
        }
        #expect(drops < 90)
        try server.stop()
    }

    @Test("who does not take an answer is not waited for, and keeps nobody from stopping")
    func stalled() throws {
        var limits = ServingLimits()
        limits.pieceTime = .milliseconds(500)
        let server = try WebServer(Self.here, limits, answering: Echo())
        let client = try RawClient(server.address.port)
        client.send("GET /1000000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        usleep(2_000_000)
        let taken = client.read(atMost: 1 << 30)
        #expect(taken.map { $0.utf8.count < 100 << 20 } == true)
        try server.stop()
    }

    @Test("beyond the most connections others wait until one ends")
    func crowded() throws {
        var limits = ServingLimits()
        (limits.connections, limits.requestTime) = (2, .seconds(2))
        let server = try WebServer(Self.here, limits, answering: Echo())
        let idle = try [RawClient(server.address.port), RawClient(server.address.port)]
        let start = ContinuousClock.now
        let answer = try Self.ask(server, "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(answer?.hasSuffix("/x") == true)
        #expect(ContinuousClock.now - start > .seconds(1))
        withExtendedLifetime(idle) {}
        try server.stop()
    }

    @Test("a stop lets an answer end, closes what waits, and takes nobody more")
    func stop() throws {
        let server = try WebServer(Self.here, answering: Echo())
        let (idle, half) = (try RawClient(server.address.port), try RawClient(server.address.port))
        half.send("GET / HTTP/1.1\r\nHo")
        let busy = try RawClient(server.address.port)
        busy.send("GET /20000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        let first = try #require(busy.read(atMost: 1_000))
        // A thread of its own: those of Swift's concurrency are busy with tests.
        var stopping = BackgroundWork { try server.stop() }
        #expect(idle.read() == "" && half.read() == "")
        #expect(busy.read(atMost: 1 << 30).map { $0.utf8.count + first.utf8.count > 20_000_000 } == true)
        try stopping.value()
        #expect(!LoopbackPort.listens(server.address.port))
    }

    @Test("who takes nothing is broken off when the server stops")
    func breakOff() throws {
        var limits = ServingLimits()
        limits.stopTime = .milliseconds(500)
        let server = try WebServer(Self.here, limits, answering: Echo())
        let client = try RawClient(server.address.port)
        client.narrow()
        client.send("GET /1000000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = client.read(atMost: 1_000)
        let start = ContinuousClock.now
        try server.stop()
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("a port that somebody has, and an address that is no one's, are errors that say what to do")
    func refused() throws {
        let server = try WebServer(Self.here, answering: Echo())
        for address in [server.address, ListenAddress(host: "192.0.2.1", port: 0)] {
            let error = #expect(throws: WebServerError.self) { try WebServer(address, answering: Echo()) }
            #expect(error?.description.contains("--listen") == true && error?.subject == address.description)
        }
        try server.stop()
    }
}
