import Faults
import Testing
import TreeFixtures
import TreeModel

@testable import Archives

/// Merges layers and spells what survives as `layer.ordinal path [links]`, sorted.
private func merged(_ layers: [[ArchiveEntry]], _ limits: TreeBudget.Limits = .init()) throws -> [String] {
    var merge = LayerMerge(limits: limits)
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

    @Test("a second whiteout of a layer removes nothing that the layer has put there since")
    func repeated() throws {
        let lower = [folder("a"), file("a/x"), folder("a/d"), file("a/d/y")]
        let mark: EntryPath = "a/.wh..wh..opq"
        #expect(
            try merged([lower, [file(mark), file("a/n"), file(mark), file("a/d/n"), file(mark)]]) == [
                "0.0 a", "1.1 a/n", "1.3 a/d/n",
            ])
        #expect(try merged([lower, [file(mark), file(".wh.a")]]) == [])
        #expect(try merged([lower, [file(mark)], [file("a/z")], [file(mark)]]) == ["0.0 a"])
    }

    @Test("a path through links is the one that counts, in any depth")
    func moved() throws {
        let lower = [folder("a"), folder("a/b"), link("l", to: "a/b")]
        #expect(
            try merged([lower, [folder("l/c"), file("l/c/x"), link("l/m", to: "c"), file("l/m/y")]])
                == ["0.0 a", "0.1 a/b", "0.2 l", "1.0 a/b/c", "1.1 a/b/c/x", "1.2 a/b/m", "1.3 a/b/c/y"])
    }

    @Test("a link that is replaced leads elsewhere from then on, and so does a folder that is gone")
    func replacedLink() throws {
        let lower = [folder("a"), folder("b"), link("l", to: "a")]
        #expect(
            try merged([lower, [file("l/x"), link("l", to: "b"), file("l/y")]])
                == ["0.0 a", "0.1 b", "1.0 a/x", "1.1 l", "1.2 b/y"])
        #expect(
            try merged([[file("d/x")], [file("d/y"), file("d/.wh.x")], [file(".wh.d"), file("d/z")]]) == ["2.1 d/z"])
        #expect(try merged([[folder("d"), file("d/x"), link("d", to: "e"), file("d/y")]]) == ["0.2 d", "0.3 e/y"])
    }

    @Test("what costs more than any system needs is refused by name", arguments: Excess.allCases)
    func excess(_ excess: Excess) throws {
        let error = try #require(throws: ArchiveError.self) { _ = try merged(excess.layers, excess.limits) }
        #expect(error.kind == .excess && error.cause.contains(excess.word), "\(error)")
        _ = try merged(excess.layers)
    }

    @Test("hundreds of thousands of whiteouts over as many files take seconds", .timeLimit(.minutes(10)))
    func whiteouts() throws {
        var merge = LayerMerge()
        let count = 100_000
        for (layer, kinds) in [["f"], ["f", "o", "w"]].enumerated() {
            var ordinal = 0
            for kind in kinds {
                for number in 0..<count {
                    let name = kind == "f" ? "a/b/\(layer).\(number)" : kind == "o" ? "a/b/.wh..wh..opq" : ".wh.a"
                    let path = try #require(EntryPath(normalizing: name.utf8))
                    try merge.add(file(path), at: LayerMerge.Position(layer: layer, ordinal: ordinal))
                    ordinal += 1
                }
            }
        }
        var survivors = 0
        _ = merge.plan { _ in survivors += 1 }
        #expect(survivors == count)
    }

    @Test("folders as deep as links make them end with an error and not with the stack")
    func deep() throws {
        var entries: [ArchiveEntry] = [link("l0", to: Array(repeating: "d", count: 2_000).joined(separator: "/"))]
        for number in 1..<30 {
            entries.append(
                link(
                    "l\(number)".path,
                    to: "l\(number - 1)/" + Array(repeating: "d", count: 2_000).joined(separator: "/")))
        }
        entries.append(file("l29/.wh..wh..opq"))
        #expect(throws: ArchiveError.self) { _ = try merged([entries, [file(".wh.d")]]) }
    }
}

extension String {
    fileprivate var path: EntryPath { EntryPath(normalizing: utf8) ?? .root }
}

/// One way to cost too much each, just beyond limits that the test sets.
enum Excess: CaseIterable {
    case entries, names, targets, content, depth, linkedPath, steps

    var limits: TreeBudget.Limits {
        var limits = TreeBudget.Limits()
        switch self {
        case .entries: limits.entries = 3
        case .names, .targets: limits.nameBytes = 64
        case .content: limits.contentBytes = 3
        case .depth: limits.depth = 2
        case .linkedPath: limits.pathBytes = 9
        case .steps: limits.steps = 5
        }
        return limits
    }

    var layers: [[ArchiveEntry]] {
        switch self {
        case .entries, .content: [[file("a"), file("b")], [file("c"), file("d")]]
        case .names: [(0..<10).map { file("name-\($0)xx".path) }]
        case .targets: [[link("a", to: String(repeating: "x", count: 64))]]
        case .depth: [[file("a/b/c/d")]]
        case .linkedPath: [[folder("abcde"), link("l", to: "abcde"), file("l/wxyz")]]
        case .steps: [[file("a/b/c"), file("a/c/d"), file("a/b/e")]]
        }
    }

    var word: String {
        switch self {
        case .entries: "entries"
        case .names, .targets: "names"
        case .content: "GiB"
        case .depth: "deep"
        case .linkedPath: "path"
        case .steps: "paths"
        }
    }
}
