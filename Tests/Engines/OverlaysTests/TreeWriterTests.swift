import Archives
import Faults
import Foundation
import SystemPackage
import Testing
import TreeModel

@testable import Overlays

/// Gives entries with the bytes that are in them.
private struct ListedEntries: EntrySource {
    let notes = ArchiveNotes()
    var entries: [(entry: ArchiveEntry, content: String)]
    private var content: [UInt8] = []

    init(_ entries: [(ArchiveEntry, String)]) { self.entries = entries.map { ($0.0, $0.1) } }

    mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        guard !entries.isEmpty else { return nil }
        let (entry, text) = entries.removeFirst()
        content = Array(text.utf8)
        return entry
    }

    mutating func read(into buffer: inout [UInt8]) throws(ArchiveError) -> Int {
        let count = min(buffer.count, content.count)
        buffer.replaceSubrange(0..<count, with: content.prefix(count))
        content.removeFirst(count)
        return count
    }
}

@Suite("Writing the entries of archives and layers", .enabled(if: TestedMachine.isRoot))
struct TreeWriterTests {
    private static func path(_ text: String) -> EntryPath { EntryPath(normalizing: Array(text.utf8)) ?? .root }

    private static func file(_ path: String, _ text: String = "x") -> (ArchiveEntry, String) {
        (ArchiveEntry(path: Self.path(path), kind: .regular(size: Int64(text.utf8.count))), text)
    }

    private static func other(
        _ path: String, _ kind: ArchiveEntry.Kind, permissions: UInt16 = 0o755, _ attributes: [(String, String)] = []
    ) -> (ArchiveEntry, String) {
        let list = attributes.map { ArchiveEntry.Attribute(name: Array($0.0.utf8), value: Array($0.1.utf8)) }
        return (ArchiveEntry(path: Self.path(path), kind: kind, permissions: permissions, attributes: list), "")
    }

    /// Writes sources one after the other, and lists what is there then: names, and of files what is in them.
    private func written(_ rule: TreeWriter.Rule, _ sources: [(ArchiveEntry, String)]...) throws -> [String: String] {
        let fixture = try FixtureRoot()
        let place = fixture.oem.appending("place")
        try FileManager.default.createDirectory(atPath: place.string, withIntermediateDirectories: true)
        var writer = try TreeWriter(into: place, rule)
        for entries in sources {
            var source = ListedEntries(entries)
            try writer.write(&source)
        }
        let script =
            #"cd "$1"; find . -mindepth 1 -printf '%P %y:' -exec sh -c '[ -f "$1" ] && [ ! -L "$1" ] && cat "$1"; getfattr -n trusted.overlay.opaque --only-values "$1" 2>/dev/null; echo' sh {} \;"#
        let ended = try FixtureRoot.run(["sh", "-c", script, "sh", place.string])
        try #require(ended.status == 0, "\(ended.said)")
        #expect(!fixture.exists("/outside"))
        let lines = ended.said.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
        return Dictionary(lines.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { $1 })
    }

    @Test("a later entry of an archive replaces an earlier one, whatever that is")
    func replaces() throws {
        let found = try written(
            .archive, [Self.file("a/b", "1"), Self.file("a", "2"), Self.file("c", "3"), Self.other("c", .directory)])
        #expect(found == ["a": "f:2", "c": "d:"])
    }

    @Test("a folder that is named again keeps what is in it")
    func again() throws {
        let found = try written(.archive, [Self.file("a/b", "1"), Self.other("a", .directory)])
        #expect(found == ["a": "d:", "a/b": "f:1"])
    }

    @Test("a link on the way leads no entry out of the folder", arguments: ["/..", "../../..", "/"])
    func links(target: String) throws {
        let found = try written(
            .archive, [Self.other("up", .symbolicLink(target: Array(target.utf8))), Self.file("up/outside", "1")])
        #expect(found == ["up": "l:", "outside": "f:1"])
    }

    @Test("a link in the place of a file is replaced, and not written through")
    func through() throws {
        let found = try written(
            .archive,
            [Self.file("a", "1"), Self.other("b", .symbolicLink(target: Array("a".utf8))), Self.file("b", "2")])
        #expect(found == ["a": "f:1", "b": "f:2"])
    }

    @Test("names of whiteouts become marks", arguments: [("d/.wh.x", "d/x"), (".wh.x", "x")])
    func whiteouts(name: String, mark: String) throws {
        let found = try written(
            .archive, [Self.other("d", .directory), Self.file(name, ""), Self.file("d/.wh..wh.aufs")])
        #expect(found == ["d": "d:", mark: "c:"])
    }

    @Test("a name of a whiteout that leads elsewhere is nothing", arguments: ["d/.wh.", "d/.wh..", "d/.wh..."])
    func strange(name: String) throws {
        #expect(
            try written(.archive, [Self.file(name, "")]).filter { $0.value.hasPrefix("c") }.keys.allSatisfy {
                $0.hasPrefix("d/")
            })
    }

    @Test("an opaque mark goes to its folder")
    func opaque() throws {
        #expect(try written(.archive, [Self.file("d/.wh..wh..opq", "")]) == ["d": "d:y"])
    }

    @Test("a layer's whiteout takes what was copied, and stays")
    func layerWhiteout() throws {
        let found = try written(
            .layer, [Self.other("d", .directory), Self.file("d/a"), Self.file("b")],
            [
                Self.other("d", .characterDevice(major: 0, minor: 0)),
                Self.other("b", .characterDevice(major: 0, minor: 0)),
            ])
        #expect(found == ["d": "c:", "b": "c:"])
    }

    @Test(
        "a folder over a mark or a file stays a folder that hides those below",
        arguments: [
            ArchiveEntry.Kind.characterDevice(major: 0, minor: 0), .fifo, .symbolicLink(target: [0x78]),
        ])
    func layerFolder(lower: ArchiveEntry.Kind) throws {
        let found = try written(.layer, [Self.other("d", lower)], [Self.other("d", .directory), Self.file("d/a", "1")])
        #expect(found == ["d": "d:y", "d/a": "f:1"])
    }

    @Test("a folder over a folder joins it, and hides it when it is opaque", arguments: [false, true])
    func layerOpaque(isOpaque: Bool) throws {
        let marks = isOpaque ? [("trusted.overlay.opaque", "y")] : []
        let found = try written(
            .layer, [Self.other("d", .directory), Self.file("d/a", "1")],
            [Self.other("d", .directory, marks), Self.file("d/b", "2")])
        #expect(found == (isOpaque ? ["d": "d:y", "d/b": "f:2"] : ["d": "d:", "d/a": "f:1", "d/b": "f:2"]))
    }

    @Test("a name of a container's whiteout is a plain name in a layer of an overlay")
    func plain() throws { #expect(try written(.layer, [Self.file(".wh.x", "1")]) == [".wh.x": "f:1"]) }

    @Test("a name that is not UTF-8 is refused, rather than changed")
    func bytes() throws {
        let path = try #require(EntryPath(normalizing: [0x61, 0xFF]))
        #expect(throws: StackingError.self) {
            try written(.archive, [(ArchiveEntry(path: path, kind: .regular(size: 0)), "")])
        }
    }

    @Test("a hard link to nothing, to a folder or to itself is an error", arguments: ["nothing", "d", "a"])
    func hardLinks(target: String) throws {
        #expect(throws: (any Error).self) {
            try written(.archive, [Self.other("d", .directory), Self.other("a", .hardLink(target: Self.path(target)))])
        }
    }

    @Test(
        "an attribute that leads overlayfs elsewhere is refused",
        arguments: ["trusted.overlay.redirect", "trusted.overlay.metacopy"])
    func redirect(name: String) throws {
        #expect(throws: StackingError.self) {
            try written(.archive, [Self.other("d", .directory, [(name, "/etc")])])
        }
    }

    @Test("device nodes are left out, and said")
    func devices() throws {
        let fixture = try FixtureRoot()
        var writer = try TreeWriter(into: fixture.oem, .archive)
        var source = ListedEntries([
            Self.other("n", .characterDevice(major: 1, minor: 3)), Self.other("m", .blockDevice(major: 7, minor: 0)),
        ])
        try writer.write(&source)
        #expect(writer.notes.counts.map(\.count) == [2])
        #expect(!fixture.exists("/oem/overlays/n") && !fixture.exists("/oem/overlays/m"))
    }

    @Test("times of folders are those of the archive, although files were written into them")
    func times() throws {
        let fixture = try FixtureRoot()
        var folder = Self.other("d", .directory)
        folder.0.modified = 1_000_000
        var writer = try TreeWriter(into: fixture.oem, .archive)
        var source = ListedEntries([folder, Self.file("d/x")])
        try writer.write(&source)
        #expect(try FixtureRoot.run(["stat", "-c", "%Y", "\(fixture.oem)/d"]).said == "1000000\n")
    }
}
