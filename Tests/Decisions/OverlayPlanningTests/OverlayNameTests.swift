import Testing

@testable import OverlayPlanning

@Suite("Names of overlays")
struct OverlayNameTests {
    @Test(
        "two digits and a word are a name",
        arguments: ["10-tools", "00-a", "99-A.b_c+d-e", "05-9", "10-\(String(repeating: "x", count: 125))"])
    func names(text: String) throws {
        let name = try #require(OverlayName(text))
        #expect(name.description == text)
        #expect(name.order == text.prefix(2))
        #expect(name.word == text.dropFirst(3))
    }

    @Test(
        "anything else is none, above all what has a meaning in mount options or paths",
        arguments: [
            "", "tools", "1-tools", "100-tools", "10tools", "10-", "10-.x", "10-_x", "10-a b", "10-a:b", "10-a,b",
            "10-a\\b",
            "10-a/b", "10-ä", "x0-tools", "0x-tools", "10-a\n", "10-\(String(repeating: "x", count: 126))",
        ])
    func others(text: String) { #expect(OverlayName(text) == nil) }

    @Test("names are in byte order")
    func order() {
        let names = ["20-a", "10-b", "10-B", "10-a.b", "10-a", "09-z"].compactMap(OverlayName.init)
        #expect(names.sorted().map(\.description) == ["09-z", "10-B", "10-a", "10-a.b", "10-b", "20-a"])
    }

    @Test(
        "the suffix says what a file is, and a version follows the last '_'",
        arguments: [
            ("10-tools", true, .folder, "10-tools", nil), ("10-tools_1.2", true, .folder, "10-tools", "1.2"),
            ("10-tools.tar", false, .tar, "10-tools", nil),
            ("10-tools.tar.zst", false, .compressedTar, "10-tools", nil),
            ("10-tools.raw", false, .raw, "10-tools", nil), ("10-tools.squashfs", false, .squashfs, "10-tools", nil),
            ("10-tools_2~rc1.erofs", false, nil, "", nil), ("10-tools_2+b1.erofs", false, .erofs, "10-tools", "2+b1"),
            ("10-my_tools.raw", false, .raw, "10-my_tools", nil),
            ("10-my_tools_3.raw", false, .raw, "10-my_tools", "3"), ("10-a.raw.tar", false, .tar, "10-a.raw", nil),
            ("10-tools.raw", true, nil, "", nil), ("10-tools", false, nil, "", nil),
            ("10-tools.zst", false, nil, "", nil),
            ("10-.raw", false, nil, "", nil), ("10-_1.raw", false, nil, "", nil),
        ] as [(String, Bool, OverlayForm?, String, String?)])
    func files(fileName: String, isFolder: Bool, form: OverlayForm?, name: String, version: String?) {
        let file = OverlayFile(fileName, isFolder: isFolder)
        #expect(file?.form == form)
        #expect(file?.version == version)
        #expect(file?.name.description ?? "" == name)
    }

    @Test(
        "an image is called as its file is; or without our order, or without its version, which its maker did not know",
        arguments: [
            ("10-tools.raw", ["10-tools", "tools"]),
            ("10-tools_1.2.raw", ["10-tools_1.2", "tools_1.2", "10-tools", "tools"]),
            ("10-my_tools.squashfs", ["10-my_tools", "my_tools"]),
        ] as [(String, [String])])
    func releaseNames(fileName: String, names: [String]) {
        #expect(OverlayFile(fileName, isFolder: false)?.releaseNames == names)
    }
}
