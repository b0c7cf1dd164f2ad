import Testing

@testable import PackageModel

@Suite("Requests for packages")
struct PackageRequestTests {
    @Test(
        "are read and written back",
        arguments: [
            ("system/kernel", "system/kernel"), (" system/kernel >= 6.1, < 7 ", "system/kernel >= 6.1, < 7"),
            ("a/b>=1", "a/b >= 1"), ("a/b@>=1.1", "a/b >= 1.1"), ("a/b 1.2", "a/b = 1.2"), ("a/b == 1", "a/b = 1"),
            ("a/b != 1", "a/b != 1"), ("a/b@1.2", "a/b = 1.2"), ("app/fortune << 2", nil),
        ] as [(String, String?)])
    func read(text: String, expected: String?) throws {
        guard let expected else {
            #expect(throws: PackageTextError.self) { try PackageRequest(parsing: text) }
            return
        }
        let request = try PackageRequest(parsing: text)
        #expect(request.description == expected)
        #expect(try PackageRequest(parsing: expected) == request)
    }

    @Test(
        "that are none are refused",
        arguments: [
            "", "a", "a/", "/b", "a/b/c", "A/b", "a_b/c", "-a/b", "a/b >=", "a/b >= 1,", "a/b ,", "a/b => 1", "a/b@",
            "a/b >= 1 < 2", "a/b ! 1", "a/b\n",
        ])
    func refused(text: String) {
        #expect(throws: PackageTextError.self) { try PackageRequest(parsing: text) }
    }

    @Test(
        "take what all conditions hold for",
        arguments: [
            (">= 1, < 2", "1", true), (">= 1, < 2", "2", false), (">= 1, < 2", "2~rc1", true),
            (">= 1, < 2", "0.9", false),
            ("> 1", "1", false), ("> 1", "1.0.1", true), ("<= 1", "1", true), ("<= 1", "1-1", false),
            ("!= 1", "1-0", false),
            ("!= 1", "2", true), ("= 1", "1-0", true), ("1", "1.1", false),
        ])
    func contains(range: String, version: String, expected: Bool) throws {
        let range = try VersionRange(parsing: range)
        #expect(range.contains(try PackageVersion(parsing: version)) == expected)
        #expect(VersionRange.any.contains(try PackageVersion(parsing: version)))
    }
}
