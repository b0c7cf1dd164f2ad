import Faults
import SeededNumbers
import Testing
import TreeFixtures
import TreeModel

@testable import Archives

private typealias Origins = [EntryPath: LayerMerge.Position]

/// What one reading from the highest layer down gives out, as places of entries by path; nil when it does not settle.
private func descended(
    _ layers: [[ArchiveEntry]], whiteouts: Bool = true, limits: TreeBudget.Limits = .init()
) throws -> Origins? {
    var descent = LayerDescent(whiteouts: whiteouts, limits: limits)
    var origins: Origins = [:]
    do throws(ArchiveError) {
        for (layer, entries) in layers.enumerated().reversed() {
            for (ordinal, entry) in entries.enumerated() {
                let position = LayerMerge.Position(layer: layer, ordinal: ordinal)
                guard try descent.take(entry, at: position) else { continue }
                if case .hardLink(let target) = entry.kind {
                    origins[entry.path] = origins[target]
                } else {
                    origins[entry.path] = position
                }
            }
        }
        try descent.confirm()
        return origins
    } catch {
        guard error.kind == .unsettled else { throw error }
        return nil
    }
}

/// What two readings give out.
private func merged(_ layers: [[ArchiveEntry]]) throws -> Origins {
    var merge = LayerMerge()
    for (layer, entries) in layers.enumerated() {
        for (ordinal, entry) in entries.enumerated() {
            try merge.add(entry, at: LayerMerge.Position(layer: layer, ordinal: ordinal))
        }
    }
    var origins: Origins = [:]
    merge.survivors { path, origin, _ in origins[path] = origin }
    return origins
}

/// Something that layers may have, from which a reading from above could conclude what is wrong.
struct Trap: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let layers: [[ArchiveEntry]]
    /// What is part of the tree, as `layer.ordinal path`; nil when one reading cannot tell.
    let entries: [String]?

    init(_ name: String, _ layers: [[ArchiveEntry]], _ entries: [String]?) {
        testDescription = name
        self.layers = layers
        self.entries = entries
    }

    static let settled: [Trap] = [
        Trap("an upper file", [[file("a"), file("b")], [file("a")]], ["0.1 b", "1.0 a"]),
        Trap(
            "a folder above, children below", [[folder("d"), file("d/x")], [folder("d")]], ["0.1 d/x", "1.0 d"]),
        Trap(
            "a child above without its folder", [[folder("d"), file("d/x")], [file("d/y")]],
            ["0.0 d", "0.1 d/x", "1.0 d/y"]),
        Trap("a file in the place of a folder", [[folder("d"), file("d/x")], [file("d")]], ["1.0 d"]),
        Trap(
            "a folder in the place of a file", [[file("d")], [folder("d"), file("d/x")]], ["1.0 d", "1.1 d/x"]),
        Trap(
            "a folder in the place of a link to one",
            [[folder("e"), link("d", to: "e")], [folder("d"), file("d/x")]],
            ["0.0 e", "1.0 d", "1.1 d/x"]),
        Trap(
            "a link in the place of a folder", [[folder("d"), file("d/x"), folder("e")], [link("d", to: "e")]],
            ["0.2 e", "1.0 d"]),
        Trap(
            "file, folder, file", [[file("d")], [folder("d"), file("d/x")], [file("d")]], ["2.0 d"]),
        Trap("a whiteout of a file", [[file("a"), file("b")], [file(".wh.a")]], ["0.1 b"]),
        Trap("a whiteout of nothing", [[file("b")], [file(".wh.a")]], ["0.0 b"]),
        Trap("a whiteout of a folder", [[folder("d"), folder("d/e"), file("d/e/x")], [file(".wh.d")]], []),
        Trap(
            "a whiteout, and the name anew in its layer", [[file("a")], [file(".wh.a"), file("a")]], ["1.1 a"]),
        Trap("the name anew, and then the whiteout", [[file("a")], [file("a"), file(".wh.a")]], ["1.0 a"]),
        Trap(
            "a whiteout, and a folder of that name anew", [[file("a")], [file(".wh.a"), folder("a"), file("a/x")]],
            ["1.1 a", "1.2 a/x"]),
        Trap(
            "a whiteout of a folder that a higher layer makes anew",
            [[folder("d"), file("d/x"), file("d/y")], [file(".wh.d")], [folder("d"), file("d/y")]],
            ["2.0 d", "2.1 d/y"]),
        Trap(
            "a whiteout in a folder that is made anew above",
            [[folder("d"), file("d/x"), file("d/z")], [folder("d"), file("d/.wh.x")], [folder("d"), file("d/x")]],
            ["0.2 d/z", "2.0 d", "2.1 d/x"]),
        Trap(
            "an opaque folder", [[folder("d"), file("d/x")], [folder("d"), file("d/.wh..wh..opq"), file("d/y")]],
            ["1.0 d", "1.2 d/y"]),
        Trap(
            "an opaque mark behind its siblings",
            [[folder("d"), file("d/x"), file("d/y")], [folder("d"), file("d/y"), file("d/.wh..wh..opq")]],
            ["1.0 d", "1.1 d/y"]),
        Trap(
            "an opaque mark hides no layer above",
            [[file("d/x")], [file("d/.wh..wh..opq")], [file("d/x"), file("d/z")]], ["2.0 d/x", "2.1 d/z"]),
        Trap(
            "an opaque mark without the folder's entry", [[folder("d"), file("d/x")], [file("d/.wh..wh..opq")]],
            ["0.0 d"]),
        Trap(
            "an opaque mark in depth",
            [[folder("d"), folder("d/e"), file("d/e/x")], [file("d/.wh..wh..opq"), file("d/e/y")]],
            ["0.0 d", "1.1 d/e/y"]),
        Trap("an opaque root", [[folder("d"), file("x")], [file(".wh..wh..opq"), file("y")]], ["1.1 y"]),
        Trap("other marks", [[file("a")], [file(".wh..wh.plnk"), file(".wh..wh.a"), file(".wh.")]], ["0.0 a"]),
        Trap("a hard link", [[file("a"), hard("b", to: "a")]], ["0.0 a", "0.0 b"]),
        Trap(
            "a hard link to a hard link", [[file("a"), hard("b", to: "a"), hard("c", to: "b")]],
            ["0.0 a", "0.0 b", "0.0 c"]),
        Trap(
            "hard links that are all hidden", [[file("a"), hard("b", to: "a")], [file(".wh.a"), file("b")]], ["1.1 b"]),
        Trap(
            "a hard link that is hidden, not its target", [[file("a"), hard("b", to: "a")], [file(".wh.b")]], ["0.0 a"]),
        Trap("the root", [[folder(.root), file("a")], [folder(.root)]], ["1.0 .", "0.1 a"]),
    ]

    static let unsettled: [Trap] = [
        Trap("a hard link to a file below", [[file("a")], [hard("b", to: "a")]], nil),
        Trap("a hard link whose target is replaced", [[file("a"), hard("b", to: "a")], [file("a")]], nil),
        Trap("a hard link whose target is removed", [[file("a"), hard("b", to: "a")], [file(".wh.a")]], nil),
        Trap("a hard link to a name that is another's above", [[file("a")], [hard("b", to: "a")], [file("a")]], nil),
        Trap(
            "a hard link to a path through a link",
            [[folder("d"), file("d/x"), link("l", to: "d"), hard("b", to: "l/x")]], nil),
        Trap("a name twice in a layer", [[file("a"), file("a")]], nil),
        Trap("a folder twice in a layer", [[folder("a"), file("a/x"), folder("a")]], nil),
        Trap("a file and a folder of a name in a layer", [[file("a"), folder("a")]], nil),
        Trap("a path through a link below", [[folder("e"), link("d", to: "e")], [file("d/x")]], nil),
        Trap("a path through a link of its layer", [[folder("e"), link("d", to: "e"), file("d/x")]], nil),
        Trap(
            "a path through a link that a folder replaces later",
            [[folder("e"), link("d", to: "e")], [file("d/x"), folder("d")]], nil),
        Trap(
            "a path through a link that a layer above replaces",
            [[folder("e"), link("d", to: "e")], [file("d/x")], [folder("d")]], nil),
        Trap(
            "a path through a link that a whiteout takes away later",
            [[folder("e"), link("d", to: "e")], [file("d/x"), file(".wh.d")]], nil),
        Trap(
            "a whiteout through a link", [[folder("e"), file("e/x"), link("d", to: "e")], [file("d/.wh.x")]], nil),
        Trap(
            "a hidden path through a link",
            [[folder("e"), folder("d"), link("d/l", to: "../e")], [file("d/l/x")], [file(".wh.d")]],
            nil),
    ]
}

@Suite("Layer descent")
struct LayerDescentTests {
    @Test("one reading from above gives what two readings give", arguments: Trap.settled)
    func settled(_ trap: Trap) throws {
        let found = try #require(try descended(trap.layers), "it does not settle")
        let lines = found.map { "\($0.value.layer).\($0.value.ordinal) \($0.key)" }
        #expect(lines.sorted() == (trap.entries ?? []).sorted())
        #expect(try found == merged(trap.layers))
    }

    @Test("what one reading cannot tell it does not guess", arguments: Trap.unsettled)
    func unsettled(_ trap: Trap) throws {
        #expect(try descended(trap.layers) == nil)
        _ = try merged(trap.layers)
    }

    @Test("an archive that is no layer has no whiteouts")
    func archive() throws {
        let layer = [file(".wh.a"), file("a")]
        #expect(try descended([layer], whiteouts: false)?.count == 2)
        #expect(try descended([layer])?.count == 1)
    }

    @Test("what cannot be is no tree: a file as a folder, a loop, a hard link to nothing")
    func refuses() throws {
        for layers in [[[file("a")], [file("a/b")]], [[link("a", to: "a")], [file("a/b")]], [[hard("a", to: "b")]]] {
            #expect((try? descended(layers)) ?? nil == nil)
            #expect(throws: ArchiveError.self) { try merged(layers) }
        }
    }

    @Test(
        "what an engine makes of changed trees settles, and comes to the last of them",
        arguments: 0..<300 as Range<UInt64>)
    func stacks(seed: UInt64) throws {
        let stack = LayerStack(seed: seed)
        let found = try #require(try descended(stack.layers), "it does not settle")
        let versions = found.mapValues { stack.layers[$0.layer][$0.ordinal].modified }
        #expect(versions == stack.versions)
    }

    @Test("whatever layers have, one reading gives what two give, or does not settle")
    func anything() throws {
        var (settled, refused) = (0, 0)
        for seed in 0..<20_000 as Range<UInt64> {
            let layers = Self.anything(seed)
            do {
                let expected = try merged(layers)
                guard let found = try descended(layers) else { continue }
                settled += 1
                #expect(found == expected, "seed \(seed): \(layers.map { $0.map { "\($0.path) \($0.kind)" } })")
            } catch {
                refused += 1
                #expect((try? descended(layers)) ?? nil == nil, "seed \(seed)")
            }
        }
        #expect(settled > 5_000 && refused > 1_000, "\(settled) \(refused)")
    }

    /// Layers of entries that nobody would make, of few names, so that they meet.
    private static func anything(_ seed: UInt64) -> [[ArchiveEntry]] {
        var random = SeededGenerator(seed: seed)
        func path(_ names: [String]) -> EntryPath {
            let count = Int.random(in: 1...3, using: &random)
            let parts = (1..<count).map { _ in ["a", "b"].randomElement(using: &random) ?? "a" }
            return (parts + [names.randomElement(using: &random) ?? "a"]).joined(separator: "/").path
        }
        return (0..<3).map { _ in
            (0..<Int.random(in: 1...4, using: &random)).map { _ in
                switch Int.random(in: 0..<10, using: &random) {
                case 0...3: folder(path(["a", "b", "c"]))
                case 4, 5: file(path(["a", "b", "c"]))
                case 6: file(path([".wh.a", ".wh.b", ".wh.c"]))
                case 7: file(path([".wh..wh..opq"]))
                case 8: hard(path(["c", "d"]), to: path(["a", "b", "c"]))
                default: link(path(["b", "c"]), to: "/" + path(["a", "b"]).description)
                }
            }
        }
    }

    @Test(
        "what costs more than any system needs is refused, by name",
        arguments: Excess.allCases.filter { $0 != .linkedPath })
    func excess(_ excess: Excess) throws {
        let error = try #require(throws: ArchiveError.self) { _ = try descended(excess.layers, limits: excess.limits) }
        #expect(error.kind == .excess && error.cause.contains(excess.word), "\(error)")
        _ = try descended(excess.layers)
    }
}

extension String {
    fileprivate var path: EntryPath { EntryPath(normalizing: utf8) ?? .root }
}
