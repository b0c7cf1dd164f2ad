import Faults
import Testing

@testable import ImagePlanning

@Suite("What lies on a medium")
struct MediaContentTests {
    private static func file(_ path: String, size: Int64 = 1) -> MediaEntry {
        MediaEntry(path, .file(source: "/src", size: size, permissions: 0o644))
    }

    @Test("is listed by path, with the size of all files")
    func listed() throws {
        let content = try MediaContent([
            Self.file("/b/c", size: 5), MediaEntry("/b", .folder), Self.file("/a", size: 2),
        ])
        #expect(content.entries.map(\.path) == ["/a", "/b", "/b/c"] && content.size == 7)
    }

    @Test("holds a file as large as FAT can, and none that is a byte larger", arguments: [0, 1])
    func largest(more: Int64) throws {
        let root = Self.file("/images/a/root.squashfs", size: 4_294_967_295 + more)
        guard more > 0 else { return #expect(try MediaContent([root]).size == 4_294_967_295) }
        let error = try #require(throws: MediaContentError.self) { try MediaContent([root]) }
        #expect(error.kind == .size && error.subject == "/images/a/root.squashfs")
    }

    @Test(
        "has no names that FAT, Windows or xorriso's list of files change",
        arguments: ["a:b", "a*", "a\"b", "a?", "a\\b", "a\nb", "a|b", "a<b", "a.", "a ", "a\u{7F}"])
    func names(name: String) {
        let error = #expect(throws: MediaContentError.self) { try MediaContent([Self.file("/oem/\(name)")]) }
        #expect(error?.kind == .name)
    }

    @Test("has names of up to 64 characters as FAT counts them")
    func length() throws {
        let longest = String(repeating: "n", count: 62) + "😀"
        #expect(try MediaContent([Self.file("/\(longest)")]).entries.count == 1)
        #expect(throws: MediaContentError.self) { try MediaContent([Self.file("/n\(longest)")]) }
    }

    @Test("has no two names that differ in capitals alone, and no name twice", arguments: ["/oem/A", "/oem/a"])
    func twins(other: String) {
        let error = #expect(throws: MediaContentError.self) {
            try MediaContent([Self.file("/oem/a"), Self.file(other)])
        }
        #expect(error?.cause.hasPrefix("/oem/a is the same name") == true)
    }
}
