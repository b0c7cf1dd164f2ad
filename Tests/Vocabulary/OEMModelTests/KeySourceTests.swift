import OEMModel
import Testing

@Suite("A key that others give")
struct KeySourceTests {
    @Test(
        "is asked for at the account's address",
        arguments: [
            ("github:a-b", "https://github.com/a-b.keys"), ("gh:a", "https://github.com/a.keys"),
            ("gitlab:a.b_c", "https://gitlab.com/a.b_c.keys"), ("lp:a+b", "https://launchpad.net/~a+b/+sshkeys"),
            ("launchpad:a", "https://launchpad.net/~a/+sshkeys"), ("https://h/x?y", "https://h/x?y"),
            ("http://h/x", "http://h/x"),
        ])
    func address(text: String, address: String) { #expect(KeySource(text)?.address == address) }

    @Test(
        "has no address where no account can have the name",
        arguments: ["github:", "github:a/b", "gh:..", "gh:a?b", "lp:a b", "gitlab:ü", "gh:a%2e"])
    func impossible(text: String) throws { #expect(try #require(KeySource(text)).address == nil) }

    @Test("is none of those that are written out", arguments: ["ssh-ed25519 AAAA github:me", "ftp://h/x", "a:b", ""])
    func written(text: String) { #expect(!text.isKeyToFetch) }
}
