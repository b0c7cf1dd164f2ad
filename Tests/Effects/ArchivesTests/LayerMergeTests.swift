import Testing

@testable import Archives

extension EntryPath: ExpressibleByStringLiteral {
    /// Reads a literal.
    public init(stringLiteral value: String) { self = EntryPath(normalizing: value.utf8) ?? .root }
}

private func file(_ path: EntryPath) -> ArchiveEntry { ArchiveEntry(path: path, kind: .regular(size: 1)) }
private func folder(_ path: EntryPath) -> ArchiveEntry { ArchiveEntry(path: path, kind: .directory) }
private func link(_ path: EntryPath, to target: String) -> ArchiveEntry {
    ArchiveEntry(path: path, kind: .symbolicLink(target: Array(target.utf8)))
}
private func hard(_ path: EntryPath, to target: EntryPath) -> ArchiveEntry {
    ArchiveEntry(path: path, kind: .hardLink(target: target))
}

/// Merges layers and spells what survives as `layer.ordinal path [links]`, sorted.
private func merged(_ layers: [[ArchiveEntry]]) throws -> [String] {
    var merge = LayerMerge()
    for (layer, entries) in layers.enumerated() {
        for (ordinal, entry) in entries.enumerated() {
            try merge.add(entry, at: LayerMerge.Position(layer: layer, ordinal: ordinal))
        }
    }
    let plan = merge.plan()
    var lines: [String] = []
    for (layer, entries) in layers.enumerated() {
        for (ordinal, entry) in entries.enumerated() {
            let position = LayerMerge.Position(layer: layer, ordinal: ordinal)
            guard let emission = plan.emission(at: position, path: entry.path) else { continue }
            let names = ([emission.path] + emission.links).map(\.description).joined(separator: " ")
            lines.append("\(layer).\(ordinal) \(names)")
        }
    }
    return lines.sorted()
}

@Suite("Layer merge")
struct LayerMergeTests {
    @Test("an upper file replaces a lower one, a folder's new entry keeps its children")
    func replaces() throws {
        let lower = [folder("a"), file("a/x"), file("a/y")]
        #expect(try merged([lower, [folder("a"), file("a/x")]]) == ["0.2 a/y", "1.0 a", "1.1 a/x"])
    }

    @Test("a file replaces a folder with all in it, a folder replaces a link")
    func changesType() throws {
        let lower = [folder("a"), file("a/x"), link("b", to: "a")]
        #expect(try merged([lower, [file("a"), folder("b"), file("b/z")]]) == ["1.0 a", "1.1 b", "1.2 b/z"])
    }

    @Test("a whiteout removes what lower layers have, wherever it stands in its layer")
    func whiteout() throws {
        let lower = [folder("a"), file("a/x"), file("b")]
        #expect(try merged([lower, [file(".wh.a"), file(".wh.c")]]) == ["0.2 b"])
        #expect(try merged([lower, [file("a/new"), file(".wh.a"), file("b")]]) == ["1.0 a/new", "1.2 b"])
        #expect(try merged([lower, [file("b"), file(".wh.b")]]) == ["0.0 a", "0.1 a/x", "1.0 b"])
    }

    @Test("an opaque folder hides what lower layers put into it, wherever the mark stands")
    func opaque() throws {
        let lower = [folder("a"), file("a/x"), folder("a/d"), file("a/d/y")]
        let upper = [folder("a"), file("a/d/new"), file("a/.wh..wh..opq"), file("a/z")]
        #expect(try merged([lower, upper]) == ["1.0 a", "1.1 a/d/new", "1.3 a/z"])
    }

    @Test("a hard link across layers keeps the file it meant, also when its target is replaced or removed")
    func hardLinks() throws {
        #expect(try merged([[file("x")], [hard("y", to: "x")]]) == ["0.0 x y"])
        #expect(try merged([[file("x")], [hard("y", to: "x")], [file("x")]]) == ["0.0 y", "2.0 x"])
        #expect(try merged([[file("x"), hard("z", to: "x")], [file(".wh.x")]]) == ["0.0 z"])
    }

    @Test("entries below a symbolic link go to its target, inside the tree")
    func followsLinks() throws {
        let lower = [folder("usr"), folder("usr/lib"), link("lib", to: "usr/lib"), link("up", to: "../../usr")]
        #expect(
            try merged([lower, [file("lib/x"), file("up/y")]])
                == ["0.0 usr", "0.1 usr/lib", "0.2 lib", "0.3 up", "1.0 usr/lib/x", "1.1 usr/y"])
    }

    @Test("what cannot be is refused: a file as a folder, a loop, a hard link to nothing")
    func refuses() {
        #expect(throws: ArchiveError.self) { try merged([[file("a")], [file("a/b")]]) }
        #expect(throws: ArchiveError.self) { try merged([[link("a", to: "a")], [file("a/b")]]) }
        #expect(throws: ArchiveError.self) { try merged([[hard("a", to: "b")]]) }
    }

    @Test(
        "names are normalised, those that lead outside are refused",
        arguments: [
            ("./a//b/", "a/b"), ("/etc/passwd", "etc/passwd"), (".", "."), ("../x", nil), ("a/../b", nil),
            ("a\0b", nil), ("..a", "..a"),
        ] as [(String, String?)])
    func names(name: String, path: String?) { #expect(EntryPath(normalizing: name.utf8)?.description == path) }
}
