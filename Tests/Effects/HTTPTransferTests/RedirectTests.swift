import Faults
import Foundation
import SystemPackage
import TestServers
import Testing

@testable import HTTPTransfer

@Suite("Redirects and trust") struct RedirectTests {
    @Test(
        "follows redirects, relative ones too, and keeps credentials for the same server",
        arguments: [301, 302, 303, 307, 308])
    func follows(status: Int) throws {
        let server = try ScriptedServer([
            .init("/a") {
                $0.status = status; $0.headers = ["Location": "b/c"]; $0.body = "look there"
            },
            .init("/b/c") { $0.body = "here" },
        ])
        let document = try fetch(try address(server, "/a")) { $0.authorization = "Bearer secret" }
        #expect(document.body == Array("here".utf8))
        #expect(document.head.address.text.hasSuffix("/b/c"))
        #expect(try server.requests().map { $0.headers["authorization"] } == ["Bearer secret", "Bearer secret"])
    }

    @Test("never gives credentials to another server, not even on the way back")
    func otherServer() throws {
        let home = try ScriptedServer([.init("/last") { $0.body = "done" }])
        let other = try ScriptedServer([
            .init("/x") {
                $0.status = 307; $0.headers = ["Location": "http://127.0.0.1:\(home.port)/last"]
            }
        ])
        let first = try ScriptedServer([
            .init("/") {
                $0.status = 307; $0.headers = ["Location": "http://127.0.0.1:\(other.port)/x"]
            }
        ])
        let document = try fetch(try address(first, "/")) { $0.authorization = "Basic secret" }
        #expect(document.body == Array("done".utf8))
        #expect(try first.requests().map { $0.headers["authorization"] } == ["Basic secret"])
        #expect(try other.requests().map { $0.headers["authorization"] } == [nil])
        #expect(try home.requests().map { $0.headers["authorization"] } == [nil])
    }

    @Test(
        "refuses plain HTTP to others than this machine, before asking",
        arguments: ["http://10.0.2.2:5000/", "http://127.0.0.1.example/"])
    func plain(text: String) throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.status = 302; $0.headers = ["Location": text]
            }
        ])
        #expect(kind { _ = try fetch(try HTTPAddress(text)) } == .insecure)
        let error = #expect(throws: HTTPError.self) { _ = try fetch(try address(server, "/")) }
        #expect(error?.kind == .insecure)
        #expect(error?.cause.hasSuffix("redirects to plain HTTP") == true)
    }

    @Test("refuses a redirect from HTTPS to plain HTTP even on this machine")
    func downgrade() throws {
        let certificates = try Certificates()
        let plain = try ScriptedServer([.init("/")])
        let server = try ScriptedServer(
            [
                .init("/") {
                    $0.status = 302; $0.headers = ["Location": "http://127.0.0.1:\(plain.port)/"]
                }
            ],
            certificate: certificates.certificate, key: certificates.key)
        var settings = HTTPSettings()
        settings.authorityFiles = ["127.0.0.1:\(server.port)": FilePath(certificates.authority)]
        let target = try address(server, "/", scheme: "https")
        #expect(kind { _ = try fetch(target, settings: settings) } == .insecure)
        #expect(try plain.requests().isEmpty)
    }

    @Test("trusts a private authority for its server only")
    func privateAuthority() throws {
        let certificates = try Certificates()
        let server = try ScriptedServer(
            [.init("/") { $0.body = "secret" }], certificate: certificates.certificate, key: certificates.key)
        let target = try address(server, "/", scheme: "https")
        let error = #expect(throws: HTTPError.self) { _ = try fetch(target) }
        #expect(error?.kind == .untrusted)
        var settings = HTTPSettings()
        settings.authorityFiles = ["other:443": FilePath(certificates.authority)]
        #expect(kind { _ = try fetch(target, settings: settings) } == .untrusted)
        settings.authorityFiles = [target.authority: FilePath(certificates.authority)]
        #expect(try fetch(target, settings: settings).body == Array("secret".utf8))
        settings.authorityFiles = [target.authority: "/nonexistent"]
        #expect(kind { _ = try fetch(target, settings: settings) } == .local)
    }

    @Test("gives up after ten redirects")
    func circle() throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.status = 302; $0.headers = ["Location": "/"]
            }
        ])
        #expect(kind { _ = try fetch(try address(server, "/")) } == .invalid)
        #expect(try server.requests().count == 11)
    }

    @Test(
        "refuses strange targets",
        arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "http://"])
    func strange(target: String) throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.status = 302; $0.headers = ["Location": target]
            }
        ])
        let error = #expect(throws: HTTPError.self) { _ = try fetch(try address(server, "/")) }
        #expect(error?.kind == .invalid)
        #expect(error?.description.contains("u:p") == false)
    }

    @Test("sends a body again where a redirect keeps the method")
    func body() throws {
        let server = try ScriptedServer([
            .init("/kept") {
                $0.status = 307; $0.headers = ["Location": "/end"]
            },
            .init("/lost") {
                $0.status = 302; $0.headers = ["Location": "/end"]
            },
            .init("/end") { $0.status = 201 },
        ])
        let send: (String) throws -> HTTPDocument = { path in
            try fetch(try address(server, path)) {
                $0.method = .put; $0.body = .bytes([1, 2, 3, 4])
            }
        }
        #expect(try send("/kept").head.status == 201)
        #expect(try server.requests().map(\.received) == [4, 4])
        #expect(kind { _ = try send("/lost") } == .invalid)
    }

    @Test("never gives the body of a POST, which may be a token, to another server", arguments: [307, 308])
    func secretBody(status: Int) throws {
        let other = try ScriptedServer([.init("/x") { $0.body = "taken" }])
        let server = try ScriptedServer([
            .init("/away") {
                $0.status = status; $0.headers = ["Location": "http://127.0.0.1:\(other.port)/x"]
            },
            .init("/here") {
                $0.status = status; $0.headers = ["Location": "/end"]
            },
            .init("/end") { $0.body = "done" },
        ])
        let send: (String, HTTPRequest.Body) throws -> HTTPDocument = { path, body in
            try fetch(try address(server, path)) {
                $0.method = .post; $0.body = body
            }
        }
        #expect(kind { _ = try send("/away", .bytes([1, 2])) } == .invalid)
        #expect(try other.requests().isEmpty)
        #expect(try send("/here", .bytes([1, 2])).body == Array("done".utf8))
        #expect(try send("/away", .empty).body == Array("taken".utf8))
    }

    @Test("goes through a proxy, but not for this machine")
    func proxy() throws {
        let proxy = try ScriptedServer([.init("http://registry.example:5000/x") { $0.body = "by proxy" }])
        let direct = try ScriptedServer([.init("/") { $0.body = "direct" }])
        var settings = HTTPSettings()
        settings.proxy = "http://127.0.0.1:\(proxy.port)"
        settings.plainAuthorities = ["registry.example:5000"]
        let far = try HTTPAddress("http://registry.example:5000/x")
        #expect(try fetch(far, settings: settings).body == Array("by proxy".utf8))
        #expect(try fetch(try address(direct, "/"), settings: settings).body == Array("direct".utf8))
    }
}

@Suite("Addresses and heads") struct HTTPAddressTests {
    @Test("knows this machine", arguments: ["localhost", "127.0.0.1", "127.255.3.9", "[::1]", "LOCALHOST"])
    func loopback(host: String) throws {
        #expect(try HTTPAddress("http://\(host):5000/v2/").isLoopback)
    }

    @Test(
        "is not deceived about this machine",
        arguments: ["127.0.0.1.example", "127.example", "localhost.example", "10.0.2.2", "[::2]", "128.0.0.1"])
    func notLoopback(host: String) throws {
        #expect(try HTTPAddress("http://\(host):5000/v2/").isLoopback == false)
    }

    @Test("keeps secrets out of messages")
    func secrets() throws {
        #expect(try HTTPAddress("https://a.example/b?token=x#y").description == "https://a.example/b")
        let error = #expect(throws: HTTPError.self) { _ = try HTTPAddress("https://user:geheim@a.example/") }
        #expect(error?.description.contains("geheim") == false)
        #expect(try HTTPAddress("https://a.example").authority == "a.example:443")
    }

    @Test(
        "refuses what is no address", arguments: ["", "a", "ftp://a/", "file:///etc", "https://a:99999/"])
    func wrong(text: String) {
        #expect(throws: HTTPError.self) { _ = try HTTPAddress(text) }
    }

    @Test(
        "reads Content-Range",
        arguments: [
            ("bytes 0-0/1", 0..<1), ("bytes 5-9/100", 5..<10), ("bytes 5-9/*", 5..<10),
        ])
    func ranges(text: String, range: Range<Int>) throws {
        #expect(try head(["Content-Range: \(text)"]).contentRange?.range == range)
    }

    @Test(
        "refuses an impossible Content-Range",
        arguments: [
            "", "5-9/10", "bytes 9-5/10", "bytes 5-10/10", "bytes -5/10", "bytes 5-/10", "bytes a-b/c", "bytes 0-1",
            "bytes 0-9223372036854775807/*", "bytes 0-1/2/3", "bytes 0-1/x",
        ])
    func wrongRanges(text: String) throws {
        #expect(try head(["Content-Range: \(text)"]).contentRange == nil)
    }

    private func head(_ lines: [String]) throws -> HTTPHead {
        var head = HTTPHead(from: try HTTPAddress("http://localhost/"))
        for line in ["HTTP/1.1 206 OK"] + lines { head.take(line: Array("\(line)\r\n".utf8)) }
        return head
    }
}
