import RegistryModel
import Testing

@testable import PackageModel

@Suite("Tags of packages")
struct PackageTagTests {
    private static func tag(_ name: String, _ version: String) throws -> String {
        try PackageTag.tag(PackageName(parsing: name), PackageVersion(parsing: version))
    }

    @Test("differ where names or versions differ in any way")
    func injective() throws {
        let packages = [
            ("a-b/c", "1.0"), ("a/b-c", "1.0"), ("a/b", "1.0+1"), ("a/b", "1.0-1"), ("a/b", "1.0~1"), ("a/b", "1:0"),
            ("a/b", "1.0p1"), ("a+b/c", "1"), ("a/b", "1.0"), ("a/b", "1.00"), ("a/b", "0:1.0"), ("sa/b", "1.0"),
        ]
        let tags = try packages.map { try Self.tag($0.0, $0.1) }
        #expect(Set(tags).count == packages.count)
        #expect(tags.allSatisfy(ImageReference.isTag))
        #expect(tags[2] == "a_sb_v1.0_p1")
    }

    @Test("that would be longer than registries take are refused")
    func long() throws {
        let part = String(repeating: "a", count: 48)
        let fits = String(repeating: "1", count: 128 - 96 - 4)
        #expect(try Self.tag("\(part)/\(part)", fits).utf8.count == 128)
        #expect(throws: PackageTextError.self) { try Self.tag("\(part)/\(part)", fits + "1") }
        #expect(throws: PackageTextError.self) { try PackageName(parsing: "a/\(part)a") }
    }
}
