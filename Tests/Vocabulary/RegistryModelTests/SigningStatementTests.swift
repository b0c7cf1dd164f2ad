import ImageModel
import Testing

@testable import RegistryModel

@Suite("Statements that something is signed")
struct SigningStatementTests {
    @Test("a statement is written as cosign does, and read back")
    func roundTrip() throws {
        let statement = SigningStatement(signing: digest(1))
        let expected = """
            {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"\(digest(1).hex)"}}],\
            "predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}
            """
        #expect(String(decoding: statement.serialized(), as: UTF8.self) == expected)
        #expect(try SigningStatement(parsing: statement.serialized()) == statement)
    }

    @Test("names and other algorithms are passed over, every document is known")
    func several() throws {
        let text = """
            {"_type":"https://in-toto.io/Statement/v0.1","predicateType":"p","subject":[{"name":"a","digest":{"sha512":"00"}},
            {"digest":{"sha1":"00","sha256":"\(digest(2).hex)"}},{"digest":{"sha256":"\(digest(3).hex)"}}]}
            """
        let statement = try SigningStatement(parsing: Array(text.utf8))
        #expect(statement.subjects == [digest(2), digest(3)] && statement.predicate == "p")
    }

    @Test(
        "what is no statement is refused",
        arguments: [
            "{}", #"{"_type":"https://in-toto.io/Statement/v2","predicateType":"p","subject":[]}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[]}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"p","subject":{}}"#,
            #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"p","subject":[{"digest":{"sha256":1}}]}"#,
        ])
    func refuses(text: String) {
        #expect(throws: RegistryModelError.self) { try SigningStatement(parsing: Array(text.utf8)) }
    }
}
