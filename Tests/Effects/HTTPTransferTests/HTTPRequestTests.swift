import Faults
import TestServers
import Testing

@testable import HTTPTransfer

@Suite("What a request may be told") struct HTTPRequestTests {
    @Test("no more redirects are followed than allowed", arguments: [(0, false), (1, false), (2, true)])
    func chain(longest: Int, arrives: Bool) throws {
        let server = try ScriptedServer([
            .init("/a") {
                $0.status = 302; $0.headers = ["Location": "/b"]
            },
            .init("/b") {
                $0.status = 302; $0.headers = ["Location": "/c"]
            }, .init("/c") { $0.body = "here" },
        ])
        let result = Result { try fetch(try address(server, "/a")) { $0.longestChain = longest } }
        if arrives {
            #expect(try result.get().body == Array("here".utf8))
        } else {
            let error = #expect(throws: HTTPError.self) { try result.get() }
            #expect(error?.cause == "it redirects more than \(longest) times")
        }
        #expect(try server.requests().count == longest + 1)
    }

    @Test("a direct request does not go through the proxy of the settings", arguments: [false, true])
    func direct(isDirect: Bool) throws {
        let proxy = try ScriptedServer([.init("*") { $0.body = "proxy" }])
        let server = try ScriptedServer([.init("/a") { $0.body = "server" }])
        var settings = HTTPSettings()
        settings.proxy = "http://127.0.0.1:\(proxy.port)"
        // Leads to this machine, and does not look like its loopback, which has no proxy anyway.
        settings.plainAuthorities = ["0.0.0.0:\(server.port)"]
        let document = try fetch(try HTTPAddress("http://0.0.0.0:\(server.port)/a"), settings: settings) {
            $0.isDirect = isDirect
        }
        #expect(document.body == Array((isDirect ? "server" : "proxy").utf8))
    }

    @Test("a request comes from the first free one of its local ports, and from no other")
    func localPorts() throws {
        let server = try ScriptedServer([.init("/a") { $0.body = "here" }])
        // The server's own port is taken.
        let ports = server.port..<min(server.port + 40, 65_535)
        #expect(try fetch(try address(server, "/a")) { $0.localPorts = ports }.body == Array("here".utf8))
        let error = #expect(throws: HTTPError.self) {
            try fetch(try address(server, "/a")) { $0.localPorts = server.port..<server.port + 1 }
        }
        #expect(error?.kind == .local)
    }
}
