import ImageModel
import ImagePlanning
import Testing

@Suite("GRUB's files")
struct GrubFilesTests {
    @Test("a copy has its configuration, its version, and a digest in the form of sha256sum, last")
    func files() throws {
        let digest = try #require(Digest(bytes: [UInt8](repeating: 0xAB, count: 32)))
        let files = GrubConfiguration(version: 3, text: [1, 2]).files(digest: digest)
        #expect(files.map(\.name) == ["grub.cfg", "version", "grub.sha256"])
        #expect(files[1].bytes == Array("3\n".utf8))
        #expect(files[2].bytes == Array("\(String(repeating: "ab", count: 32))  grub.cfg\n".utf8))
    }

    @Test("an older configuration gets the last line that a copy needs")
    func adopted() {
        let adopted = GrubConfiguration(adopting: Array("menuentry x {\n}".utf8))
        #expect(adopted.version == 0)
        #expect(String(decoding: adopted.text, as: UTF8.self) == "menuentry x {\n}\nset lifeboot_complete=1\n")
    }

    @Test("a version is one number", arguments: [("1\n", 1), ("12", 12), ("", nil), ("-1", nil), ("1.2\n", nil)])
    func version(text: String, expected: Int?) {
        #expect(GrubConfiguration.version(parsing: Array(text.utf8)) == expected)
    }
}
