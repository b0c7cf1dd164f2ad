import RegistryModel
import Testing

@testable import PackageSpecs

@Suite("The text of a Containerfile for the builder")
struct ContainerfileTextTests {
    /// Names an image by the last part of its name.
    private static func text(_ lines: String, first: String? = nil) throws -> ContainerfileText {
        try ContainerfileText(lines, first: first) { reference in
            "oci:/\("\(reference)".split(separator: "/").last ?? "")"
        }
    }

    @Test(
        "names each image anew, and leaves stages, numbers and scratch",
        arguments: [
            ("FROM a.example/x", "FROM oci:/x", "oci:/x"),
            ("from --platform=linux/amd64 a.example/x AS one", "FROM --platform=linux/amd64 oci:/x AS one", "oci:/x"),
            ("FROM scratch", "FROM scratch", "scratch"),
            ("FROM a.example/x AS One\nFROM one", "FROM oci:/x AS One\nFROM one", "oci:/x"),
            (
                "FROM a.example/x AS one\nFROM one AS two\nFROM two",
                "FROM oci:/x AS one\nFROM one AS two\nFROM two", "oci:/x"
            ),
            (
                "FROM a.example/x\nFROM scratch\nCOPY --from=0 --chown=1:1 /a  /b",
                "FROM oci:/x\nFROM scratch\nCOPY --from=0 --chown=1:1 /a  /b", "scratch"
            ),
            (
                "FROM scratch\nCOPY --chown=1:1 --from=a.example/y /a  /b",
                "FROM scratch\nCOPY --chown=1:1 --from=oci:/y /a  /b", "scratch"
            ),
            (
                "FROM scratch\nRUN --mount=type=bind,from=a.example/y,target=/c  make",
                "FROM scratch\nRUN --mount=type=bind,from=oci:/y,target=/c  make", "scratch"
            ),
            (
                "FROM scratch\nRUN --mount=from=a.example/y,target=/c make",
                "FROM scratch\nRUN --mount=from=oci:/y,target=/c make", "scratch"
            ),
        ])
    func images(lines: String, expected: String, base: String) throws {
        let text = try Self.text(lines)
        #expect(text.text == expected)
        #expect(text.base == base)
    }

    @Test("begins with what replaces the first image")
    func first() throws {
        let text = try Self.text("FROM anything AS one\nFROM a.example/x", first: "oci:/base")
        #expect(text.text == "FROM oci:/base AS one\nFROM oci:/x" && text.base == "oci:/x")
        #expect(try Self.text("FROM anything AS one\nFROM one", first: "oci:/base").base == "oci:/base")
    }

    @Test(
        "takes no word of a command, a comment or a document for an instruction",
        arguments: [
            "FROM scratch\nRUN echo \\\nFROM a.example/x",
            "FROM scratch\nRUN echo \\\n# a remark\nFROM a.example/x",
            "FROM scratch\nRUN echo \\\n\nFROM a.example/x",
            "FROM scratch\n# FROM a.example/x \\\nLABEL a=b",
            "FROM scratch\nRUN <<EOF\nFROM a.example/x\nCOPY --from=a.example/x a b\nEOF",
            "FROM scratch\nCOPY <<-'END' /a\nFROM a.example/x\nEND\nLABEL a=b",
        ])
    func untouched(lines: String) throws { #expect(try Self.text(lines).text == lines) }

    @Test("finds an image where the options of an instruction go on in the next line")
    func continued() throws {
        let text = try Self.text("FROM scratch\nCOPY --chown=1:1 \\\n  --from=a.example/y /a /b\nFROM a.example/x")
        #expect(text.text == "FROM scratch\nCOPY --chown=1:1 \\\n  --from=oci:/y /a /b\nFROM oci:/x")
    }

    @Test("reads lines as editors of other systems end them")
    func lineEnds() throws {
        let text = try Self.text("FROM a.example/x\r\nCOPY --from=a.example/y a b\r\n")
        #expect(text.text == "FROM oci:/x\nCOPY --from=oci:/y a b\n")
    }
}
