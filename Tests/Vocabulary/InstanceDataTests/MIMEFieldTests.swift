import Testing

@testable import InstanceData

@Suite("MIME field")
struct MIMEFieldTests {
    static let values: [(String, String?)] = [
        ("a/b; boundary=x", "x"), ("a/b;boundary=\"x y\"", "x y"), ("a/b; BOUNDARY = x ; c=d", "x"),
        ("a/b; c=\"; boundary=no\"; boundary=yes", "yes"), ("a/b; boundary=\"x\\\"y\"", "x\"y"), ("a/b", nil),
        ("boundary=x", nil), ("a/b; boundary", nil),
    ]

    @Test("a parameter is found behind the word, with and without quotes", arguments: values)
    func parameter(value: String, expected: String?) {
        #expect(MIMEField.parameter("boundary", of: Array(value.utf8)) == expected)
    }

    @Test("the word ends at the first semicolon")
    func word() { #expect(MIMEField.word(Array(" text/plain ; x=y".utf8)) == "text/plain") }

    static let quoted: [(String, String?)] = [
        ("a=3Db", "a=b"), ("a=\nb", "ab"), ("a  \nb", "a\nb"), ("a=C3=A4", "a\u{E4}"), ("a=3", nil), ("a=zz", nil),
        ("a=\r\nb\r\n", "ab\n"), ("a\n", "a\n"), ("a=  \nb", "ab"),
    ]

    @Test("quoted-printable is decoded, and damage is seen", arguments: quoted)
    func quotedPrintable(text: String, expected: String?) {
        #expect(QuotedPrintable.decode(Array(text.utf8)[...]) == expected.map { Array($0.utf8) })
    }
}
