import TestServers
import Testing

@testable import HTTPTransfer

@Suite("Redirects with a long text")
struct RedirectCutTests {
    @Test("a redirect whose text is cut does not hide that its target fails")
    func failingTarget() throws {
        let server = try ScriptedServer([
            .init("/") {
                $0.status = 302; $0.headers = ["Location": "/broken"]
                $0.body = String(repeating: "moved ", count: 100_000)
            },
            .init("/broken") { $0.hangUp = true },
        ])
        #expect(kind { _ = try fetch(try address(server, "/")) } == .broken)
    }
}
