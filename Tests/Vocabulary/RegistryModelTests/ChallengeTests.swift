import Testing

@testable import RegistryModel

@Suite("Challenges of servers")
struct ChallengeTests {
    @Test(
        "challenges as servers write them",
        arguments: [
            (
                #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#,
                [
                    Challenge(
                        scheme: "bearer",
                        parameters: [
                            "realm": "https://auth.docker.io/token", "service": "registry.docker.io",
                            "scope": "repository:a/b:pull,push",
                        ])
                ]
            ),
            (#"Basic realm="Registry Realm""#, [Challenge(scheme: "basic", parameters: ["realm": "Registry Realm"])]),
            ("Basic", [Challenge(scheme: "basic")]), ("", []), (" , ,", []),
            (
                #"Negotiate, BEARER Realm = "a\"b" , Service=x"#,
                [
                    Challenge(scheme: "negotiate"),
                    Challenge(scheme: "bearer", parameters: ["realm": #"a"b"#, "service": "x"]),
                ]
            ),
            (
                #"Negotiate abc/d+e==, Basic realm="x""#,
                [Challenge(scheme: "negotiate"), Challenge(scheme: "basic", parameters: ["realm": "x"])]
            ),
            (
                #"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple""#,
                [
                    Challenge(
                        scheme: "newauth",
                        parameters: ["realm": "apps", "type": "1", "title": #"Login to "apps""#]),
                    Challenge(scheme: "basic", parameters: ["realm": "simple"]),
                ]
            ),
            (
                "Bearer realm=https://a.example/token?x=y,error=invalid_token",
                [
                    Challenge(
                        scheme: "bearer",
                        parameters: ["realm": "https://a.example/token?x=y", "error": "invalid_token"])
                ]
            ),
        ])
    func reads(header: String, expected: [Challenge]) throws {
        #expect(try Challenge.list(parsing: header) == expected)
    }

    @Test(
        "what is no challenge is refused",
        arguments: [
            #"realm="x""#, #"Bearer realm="x"#, #"Bearer realm="x",realm="y""#, #""Bearer""#, "=", "<html>",
            "Bearer realm=\"a\u{1}b\"", String(repeating: "a", count: 8_193),
        ])
    func refuses(header: String) {
        #expect(throws: RegistryModelError.self) { try Challenge.list(parsing: header) }
    }

    @Test("mutated headers never trap and never end in a loop")
    func fuzz() {
        let header = #"Negotiate a==, Bearer realm="https://a\"b/t",service=r.example,scope="repository:a:pull""#
        var read = 0
        for bytes in header.mutations(seed: 3) {
            if (try? Challenge.list(parsing: String(decoding: bytes, as: UTF8.self))) != nil { read += 1 }
        }
        #expect(read > 100)
    }
}
