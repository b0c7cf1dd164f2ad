import Faults
import ImageModel
import Testing

@testable import RegistryModel

@Suite("Files with credentials")
struct AuthFileTests {
    static let text = #"""
        {"auths": {
          "r.example": {"auth": "\#(Base64.encode(Array("ann:pa:ss".utf8)))"},
          "r.example/vendor": {"username": "bob", "password": "secret"},
          "r.example/vendor/os": {"identitytoken": "tok", "auth": "\#(Base64.encode(Array("x:".utf8)))"},
          "https://index.docker.io/v1/": {"username": "hub", "password": "h"},
          "http://old.example:5000/v2/": {"username": "old", "password": "o"},
          "empty.example": {}
        }, "credsStore": "secretservice", "credHelpers": {"gcr.io": "gcloud"}}
        """#

    @Test(
        "the longest key that fits is taken",
        arguments: [
            ("r.example/other", Credentials.basic(user: "ann", password: "pa:ss")),
            ("r.example/vendors/os", .basic(user: "ann", password: "pa:ss")),
            ("r.example/vendor/tools", .basic(user: "bob", password: "secret")),
            ("r.example/vendor/os", .identityToken("tok")),
            ("r.example/vendor/os/channel:stable", .identityToken("tok")),
            ("docker.io/debian", .basic(user: "hub", password: "h")),
            ("old.example:5000/os", .basic(user: "old", password: "o")),
            ("old.example/os", nil), ("empty.example/os", nil), ("xr.example/os", nil),
        ])
    func looksUp(reference: String, expected: Credentials?) throws {
        let file = try AuthFile(parsing: Array(Self.text.utf8))
        #expect(file.credentials(for: try ImageReference(parsing: reference)) == expected)
    }

    @Test("a file without entries holds none", arguments: ["{}", #"{"auths":{}}"#, #"{"auths":null}"#])
    func empty(text: String) throws {
        #expect(try AuthFile(parsing: Array(text.utf8)) == AuthFile())
    }

    @Test(
        "malformed files are refused with the place",
        arguments: [
            ("", "$"), ("[]", "$"), (#"{"auths":[]}"#, "$.auths"), (#"{"auths":{"a":1}}"#, "$.auths.a"),
            (#"{"auths":{"a":{"auth":1}}}"#, "$.auths.a.auth"), (#"{"auths":{"a":{"auth":"!"}}}"#, "$.auths.a.auth"),
            (#"{"auths":{"a.b":{"auth":"YQ=="}}}"#, "$.auths.'a.b'.auth"),
        ])
    func refuses(text: String, place: String) {
        let error = #expect(throws: RegistryModelError.self) { try AuthFile(parsing: Array(text.utf8)) }
        #expect(error?.subject == place)
    }

    @Test("no message shows a secret")
    func secrets() throws {
        #expect("\(Credentials.basic(user: "ann", password: "secret"))" == "user 'ann'")
        #expect("\(Credentials.identityToken("secret"))" == "an identity token")
    }

    @Test("mutated files never trap")
    func fuzz() {
        for bytes in Self.text.mutations(seed: 4) { _ = try? AuthFile(parsing: bytes) }
    }
}
