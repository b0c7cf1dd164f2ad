import Testing

@testable import OverlayPlanning

@Suite("Which extension-release file counts")
struct ExtensionReleaseFilesTests {
    private static func file(
        _ name: String, _ strict: String? = nil, kind: ExtensionKind = .sysext, isRegular: Bool = true
    ) -> ExtensionReleaseFile {
        ExtensionReleaseFile(kind, name: name, strict: strict, isRegular: isRegular, bytes: Array("ID=\(name)".utf8))
    }

    private static func id(_ choice: ExtensionReleaseChoice) -> String {
        switch choice {
        case .none: "none"
        case .release(let release): release.text["ID"] ?? ""
        case .refused(let reason): reason
        }
    }

    @Test(
        "the one of the image's name, in the order of its names; else the only one that takes any name",
        arguments: [
            ([], "none"), ([file("tools")], "tools"), ([file("tools"), file("10-tools")], "10-tools"),
            ([file("other", "0")], "other"), ([file("other", "no"), file("third")], "other"),
            ([file("other", "OFF"), file("third", "1")], "other"), ([file("tools", "1"), file("other", "0")], "tools"),
            ([file("tools", isRegular: false)], "tools"), ([file("x", kind: .confext)], "none"),
        ] as [([ExtensionReleaseFile], String)])
    func chosen(files: [ExtensionReleaseFile], id: String) {
        #expect(Self.id(ExtensionReleaseChoice(.sysext, files, names: ["10-tools", "tools"])) == id)
    }

    @Test(
        "files of other names are refused by name, unless they take any",
        arguments: [
            (
                [file("other")],
                "/usr/lib/extension-release.d has extension-release.other, and none by the name "
                    + "extension-release.10-tools or extension-release.tools"
            ),
            ([file("other", "1")], "and none by the name"), ([file("other", "maybe")], "and none by the name"),
            ([file("other", "")], "and none by the name"),
            ([file("other", "0", isRegular: false)], "and none by the name"),
            ([file(".#other", "0")], "and none by the name"), ([file("o\u{1}", "0")], "and none by the name"),
            (
                [file("a", "0"), file("b", "false")],
                "/usr/lib/extension-release.d has more than one that takes any name: extension-release.a, extension-release.b"
            ),
            (
                ["a", "b", "c", "d", "e"].map { file($0) },
                "has extension-release.a, extension-release.b, extension-release.c and 2 more, and none"
            ),
        ] as [([ExtensionReleaseFile], String)])
    func refused(files: [ExtensionReleaseFile], reason: String) {
        let choice = ExtensionReleaseChoice(.sysext, files, names: ["10-tools", "tools"])
        guard case .refused = choice else { return #expect(Bool(false), "\(choice)") }
        #expect(Self.id(choice).contains(reason))
    }

    @Test("one that cannot be read is refused, with the reason")
    func unreadable() {
        let file = ExtensionReleaseFile(.confext, name: "x", bytes: [0x41, 0x3D, 0xFF])
        #expect(
            ExtensionReleaseChoice(.confext, [file], names: ["x"])
                == .refused(
                    "/etc/extension-release.d/extension-release.x cannot be read: line 1, column 1: it is not UTF-8"))
    }
}
