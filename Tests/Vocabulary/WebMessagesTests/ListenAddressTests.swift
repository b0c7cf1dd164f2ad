import Testing

@testable import WebMessages

@Suite("Where a server listens")
struct ListenAddressTests {
    @Test(
        "addresses are read, and known as this machine's own",
        arguments: [
            ("127.0.0.1:5000", "127.0.0.1", 5_000, true), ("127.1.2.3:0", "127.1.2.3", 0, true),
            ("[::1]:80", "::1", 80, true),
            ("localhost:65535", "localhost", 65_535, true), ("0.0.0.0:5000", "0.0.0.0", 5_000, false),
            ("[::]:5000", "::", 5_000, false), ("10.0.0.1:1", "10.0.0.1", 1, false),
            ("127.example.org:1", "127.example.org", 1, false), ("127.0.0.256:1", "127.0.0.256", 1, false),
        ])
    func read(text: String, host: String, port: Int, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.isLoopback == isLoopback && address.description == text)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "5000", ":5000", "host", "host:", "host:x", "host:-1", "host:65536", "::1:80", "[::1]", "http://a:1",
            "a b:1",
            "a/b:1", "u@a:1",
        ])
    func refused(text: String) { #expect(ListenAddress(text) == nil) }

    @Test("nobody but this machine reaches the standard address")
    func standard() { #expect(ListenAddress.standard.isLoopback && ListenAddress.standard.port == 5_000) }
}
