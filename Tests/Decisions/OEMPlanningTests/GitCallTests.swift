import OEMModel
import Testing

@testable import OEMPlanning

@Suite("A call of git")
struct GitCallTests {
    private static func call(_ text: String) throws -> GitCall {
        let facts = StageFacts.made("network", ("/a", "stages: {network: [{git: {path: /srv/x, \(text)}}]}"))
        return GitCall(try #require(facts.documents[0].file.steps(of: "network").first?.git), folder: "/run/p")
    }

    @Test(
        "has the password in a file alone, for the server that is named and no other",
        arguments: [
            "url: 'https://h:80/a/b.git', auth: {username: joe, password: s3/c ret}",
            "url: 'https://joe:s3%2Fc%20ret@h:80/a/b.git'",
            "url: 'https://ann:other@h:80/a/b.git', auth: {username: joe, password: s3/c ret}",
        ])
    func password(text: String) throws {
        let call = try Self.call(text)
        #expect(call.url == "https://h:80/a/b.git")
        #expect(call.secrets == [.init(name: "credential", text: "username=joe\npassword=s3/c ret\n")])
        let helper = "!f() { test \"$1\" = get && cat '/run/p/credential'; }; f"
        #expect(
            call.arguments(["fetch"], in: "/srv/x") == [
                "-c", "credential.helper=", "-c", "credential.https://h:80.helper=\(helper)", "-C", "/srv/x", "fetch",
            ])
        #expect(!(call.options + call.environment + [call.url]).contains { $0.contains("s3") || $0.contains("other") })
    }

    @Test(
        "asks for the user's name that is there",
        arguments: [
            ("url: 'https://h/a', auth: {password: x}", "username=git\npassword=x\n"),
            ("url: 'https://token@h/a'", "username=token\npassword=\n"),
        ])
    func names(text: String, credential: String) throws { #expect(try Self.call(text).secrets[0].text == credential) }

    @Test("has the keys in files, and checks the server as it is told")
    func keys() throws {
        let own = "auth: {private_key: \"-----BEGIN\\nX\\n-----END\""
        let given = try Self.call("url: 'git@h:a', \(own), public_key: ssh-ed25519 AAAA}")
        #expect(
            given.secrets == [
                .init(name: "key", text: "-----BEGIN\nX\n-----END\n"),
                .init(name: "hosts", text: "* ssh-ed25519 AAAA\n"),
            ])
        #expect(given.options.isEmpty)
        #expect(
            given.environment == [
                "GIT_TERMINAL_PROMPT=0",
                "GIT_SSH_COMMAND=ssh -o BatchMode=yes -o IdentitiesOnly=yes -i '/run/p/key' "
                    + "-o UserKnownHostsFile='/run/p/hosts' -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes",
            ])
        let known = try Self.call("url: 'git@h:a', \(own)}").environment[1]
        #expect(!known.contains("KnownHosts") && known.hasSuffix("StrictHostKeyChecking=yes"))
        let any = try Self.call("url: 'git@h:a', \(own), public_key: h ssh-rsa A, insecure: true}")
        #expect(any.environment[1].hasSuffix("-o StrictHostKeyChecking=no") && any.secrets.map(\.name) == ["key"])
        #expect(any.environment.count == 2)
        #expect(try Self.call("url: 'https://h/a', auth: {insecure: true}").environment.contains("GIT_SSL_NO_VERIFY=1"))
    }

    @Test("has nothing to hide for an address that everybody may read", arguments: ["https://h/a", "ssh://joe@h/a"])
    func open(url: String) throws {
        let call = try Self.call("url: '\(url)'")
        #expect(call.secrets.isEmpty && call.options.isEmpty && call.url == url)
    }
}
