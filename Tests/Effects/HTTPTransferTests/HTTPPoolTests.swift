import Faults
import Foundation
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import HTTPTransfer

/// Stops a transfer, as Ctrl-C would.
struct Stop: Error {}

func address(_ server: ScriptedServer, _ path: String, scheme: String = "http") throws -> HTTPAddress {
    try HTTPAddress("\(scheme)://127.0.0.1:\(server.port)\(path)")
}

/// Fetches a document with limits that end every test.
func fetch(
    _ address: HTTPAddress, settings: HTTPSettings = HTTPSettings(), _ change: (inout HTTPRequest) -> Void = { _ in }
) throws -> HTTPDocument {
    var request = HTTPRequest(.get, address)
    request.longestBody = 1 << 20
    request.totalTime = .seconds(20)
    change(&request)
    var pool = try HTTPPool(settings)
    return try pool.document(request)
}

@Suite("HTTP requests") struct HTTPPoolTests {
    @Test("reads a document with its headers, whose names have no case")
    func reads() throws {
        let server = try ScriptedServer([
            .init("/a?b=c") {
                $0.body = "hello"; $0.headers = ["X-Thing": " some value "]
            }
        ])
        let document = try fetch(try address(server, "/a?b=c"))
        #expect(document.head.status == 200)
        #expect(document.head["x-THING"] == "some value")
        #expect(document.head.contentLength == 5)
        #expect(document.body == Array("hello".utf8))
    }

    @Test("gives the body of a refusal, cut when it is long")
    func refusal() throws {
        let server = try ScriptedServer([
            .init("/short") {
                $0.status = 403; $0.body = "no"
            },
            .init("/long") {
                $0.status = 500; $0.endless = true
            },
        ])
        var document = try fetch(try address(server, "/short")) { $0.longestBody = 1 }
        #expect(document.head.status == 403)
        #expect(document.body == Array("no".utf8))
        document = try fetch(try address(server, "/long"))
        #expect(document.head.status == 500)
        #expect(document.body.count <= 64 << 10)
    }

    @Test("ends an endless body at the limit", arguments: [true, false])
    func endless(announced: Bool) throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.endless = true; $0.headers = announced ? ["Content-Length": "99999999999"] : [:]
            }
        ])
        let error = #expect(throws: HTTPError.self) {
            _ = try fetch(try address(server, "/")) { $0.longestBody = 300_000 }
        }
        #expect(error?.kind == .tooLarge)
        #expect(error?.cause.contains("300000 bytes") == true)
    }

    @Test("says that a connection broke in the middle, and gives what came before")
    func cut() throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.body = "0123456789"; $0.cutAfter = 4
            }
        ])
        var pool = try HTTPPool()
        _ = try pool.start(HTTPRequest(.get, try address(server, "/")))
        var body: [UInt8] = []
        var failure: HTTPError?
        while failure == nil {
            switch try pool.next() {
            case .bytes(_, let bytes): body += bytes
            case .failed(_, let error): failure = error
            case .ended: throw Stop()
            default: break
            }
        }
        #expect(failure?.kind == .broken)
        #expect(body == Array("0123".utf8))
        #expect(pool.running == 0)
        #expect(pool.bytesReceived == 4)
    }

    @Test("tells kinds of failure apart")
    func kinds() throws {
        let server = try ScriptedServer([
            .init("/hang-up") { $0.hangUp = true }, .init("/slow") { $0.delay = 60 },
        ])
        let closed = try HTTPAddress("http://127.0.0.1:\(try LoopbackPort.free())/")
        #expect(throws: HTTPError.self) { _ = try fetch(closed) }
        #expect(kind { _ = try fetch(closed) } == .unreachable)
        #expect(kind { _ = try fetch(try address(server, "/hang-up")) } == .broken)
        #expect(
            kind { _ = try fetch(try address(server, "/slow")) { $0.totalTime = .milliseconds(200) } } == .unreachable)
    }

    @Test("takes a silence in the middle for a broken connection")
    func standstill() throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.body = "abc"; $0.headers = ["Content-Length": "1000"]; $0.stall = 120
            }
        ])
        var settings = HTTPSettings()
        settings.standstillTime = .seconds(5)
        let start = MonotonicClock.now()
        #expect(kind { _ = try fetch(try address(server, "/"), settings: settings) } == .broken)
        #expect(MonotonicClock.now() - start < .seconds(60))
    }

    @Test("takes bytes that drip for a standstill, and what is slow for what it is", arguments: [true, false])
    func drip(isTooSlow: Bool) throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.body = String(repeating: "x", count: isTooSlow ? 3_000 : 150); $0.drip = 0.02
            }
        ])
        var settings = HTTPSettings()
        settings.standstillTime = .seconds(2)
        settings.slowestRate = isTooSlow ? 128 : 5
        guard isTooSlow else {
            #expect(try fetch(try address(server, "/"), settings: settings).body.count == 150)
            return
        }
        let error = #expect(throws: HTTPError.self) { _ = try fetch(try address(server, "/"), settings: settings) }
        #expect(error?.kind == .broken && error?.isStandstill == true)
        #expect(error?.cause == "fewer than 256 bytes came in 2 seconds")
    }

    @Test(
        "takes for a standstill what is no content: an extension of a chunk without an end",
        arguments: ["1;", "1\r\nx\r\n1;"])
    func endlessExtension(begin: String) throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let server = try ScriptedServer([
            .init("/") {
                $0.raw = true; $0.body = head + begin; $0.endless = true
            }
        ])
        var settings = HTTPSettings()
        settings.standstillTime = .seconds(2)
        let start = MonotonicClock.now()
        let error = #expect(throws: HTTPError.self) { _ = try fetch(try address(server, "/"), settings: settings) }
        #expect(error?.isStandstill == true && MonotonicClock.now() - start < .seconds(15))
    }

    @Test("a connection that does not come about is no standstill, nor is one that breaks")
    func otherFailures() throws {
        let server = try ScriptedServer([.init("/hang-up") { $0.hangUp = true }])
        let closed = try HTTPAddress("http://127.0.0.1:\(try LoopbackPort.free())/")
        for address in [closed, try address(server, "/hang-up")] {
            let error = #expect(throws: HTTPError.self) { _ = try fetch(address) }
            #expect(error?.isStandstill == false)
        }
    }

    @Test("is stopped at once by an error of the checkpoint")
    func stopped() throws {
        let server = try ScriptedServer([.init("/") { $0.delay = 120 }])
        var pool = try HTTPPool()
        let start = MonotonicClock.now()
        var calls = 0
        #expect(throws: Stop.self) {
            _ = try pool.document(HTTPRequest(.get, try address(server, "/"))) {
                calls += 1
                if calls > 2 { throw Stop() }
            }
        }
        #expect(MonotonicClock.now() - start < .seconds(60))
        #expect(pool.running == 0)
    }

    @Test("asks for one range")
    func range() throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.body = "0123456789"; $0.ranges = true
            }
        ])
        let document = try fetch(try address(server, "/")) { $0.range = 2..<5 }
        #expect(document.head.status == 206)
        #expect(document.head.contentRange?.range == 2..<5)
        #expect(document.head.contentRange?.total == 10)
        #expect(document.body == Array("234".utf8))
    }

    @Test("runs requests at once, each with its own bytes")
    func parallel() throws {
        let paths = (0..<12).map { "/\($0)" }
        let server = try ScriptedServer(
            paths.map { path in
                .init(path) {
                    $0.body = String(repeating: path, count: 200_000); $0.delay = 0.2
                }
            })
        var pool = try HTTPPool()
        var bodies: [HTTPTransferID: [UInt8]] = [:]
        var names: [HTTPTransferID: String] = [:]
        let start = MonotonicClock.now()
        for path in paths { names[try pool.start(HTTPRequest(.get, try address(server, path)))] = path }
        while pool.running > 0 {
            if case .bytes(let id, let bytes) = try pool.next() {
                #expect(bytes.count <= 256 << 10)
                bodies[id, default: []] += bytes
            }
        }
        #expect(MonotonicClock.now() - start < .seconds(60))
        for (id, path) in names { #expect(bodies[id] == Array(String(repeating: path, count: 200_000).utf8)) }
    }

    @Test("keeps little in memory while the caller does nothing")
    func backpressure() throws {
        let server = try ScriptedServer([.init("/") { $0.endless = true }])
        var pool = try HTTPPool()
        let id = try pool.start(HTTPRequest(.get, try address(server, "/")))
        var largest = 0
        for _ in 0..<60 {
            if case .bytes(_, let bytes) = try pool.next() { largest = max(largest, bytes.count) }
        }
        pool.cancel(id)
        #expect(largest > 0 && largest <= 256 << 10)
    }

    @Test("sends bytes and files", arguments: [HTTPRequest.Method.put, .post, .patch])
    func uploads(method: HTTPRequest.Method) throws {
        let server = try ScriptedServer([.init("/") { $0.status = 201 }])
        let folder = try TestFolder()
        try Data(repeating: 7, count: 3 << 20).write(to: folder.url.appending(path: "file"))
        var request = HTTPRequest(method, try address(server, "/"))
        request.totalTime = .seconds(20)
        var pool = try HTTPPool()
        for body in [.empty, .bytes([1, 2, 3]), .file(FilePath(folder.path("file")), size: 3 << 20)]
            as [HTTPRequest.Body]
        {
            request.body = body
            #expect(try pool.document(request).head.status == 201)
        }
        let requests = try server.requests()
        #expect(requests.map(\.method) == Array(repeating: method.rawValue, count: 3))
        #expect(requests.map(\.received) == [0, 3, 3 << 20])
    }

    @Test("says when a file to send is shorter than promised")
    func shortFile() throws {
        let server = try ScriptedServer([.init("/") { $0.status = 201 }])
        let folder = try TestFolder()
        try Data(repeating: 7, count: 10).write(to: folder.url.appending(path: "file"))
        let error = #expect(throws: HTTPError.self) {
            _ = try fetch(try address(server, "/")) {
                $0.method = .put
                $0.body = .file(FilePath(folder.path("file")), size: 100)
            }
        }
        #expect(error?.kind == .local)
        #expect(error?.cause == "it ends after 10 of 100 bytes")
    }

    @Test("survives a server that hangs up while it is sent to")
    func brokenPipe() throws {
        let server = try ScriptedServer([.init("/") { $0.hangUp = true }])
        let folder = try TestFolder()
        try Data(repeating: 7, count: 8 << 20).write(to: folder.url.appending(path: "file"))
        let result = kind {
            _ = try fetch(try address(server, "/")) {
                $0.method = .put
                $0.body = .file(FilePath(folder.path("file")), size: 8 << 20)
            }
        }
        #expect(result == .broken)
    }
}

/// The kind of the failure of a body; nil when there is none of ours.
func kind(_ body: () throws -> Void) -> HTTPFault? {
    do {
        try body()
        return nil
    } catch {
        return (error as? HTTPError)?.kind
    }
}
