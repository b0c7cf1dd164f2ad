import ArgumentParser
import CommandOutput
import JSONText
import LinuxSystem
import PackageBuilding
import PackageTrees
import TreeModel

/// Compares two artefacts: `boatyard package diff`.
struct PackageDiffCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say which files of two artefacts are not the same.",
        discussion: """
            Takes the last build of a package, a build by its key, or a layer's file. Times do not count. Exit status: 0 \
            they are the same; 1 they are not; 2 one is not there or damaged; 64 usage.
            """)

    @Argument(help: ArgumentHelp("A package, a key, or the path of a layer's file.", valueName: "old"))
    var old: String
    @Argument(help: ArgumentHelp("What it is compared with.", valueName: "new"))
    var new: String
    @OptionGroup(title: "Which cache")
    var cache: CacheOptions
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let cache = try BuildCache(self.cache.folder())
        let difference = ArtefactDifference(
            from: try cache.artefact(old).artefact, to: try cache.artefact(new).artefact)
        output.show(difference.json, lines: difference.lines)
        if !difference.isEmpty { throw ExitCode(ExitStatus.negative) }
    }
}

/// In what two artefacts differ, in words.
struct ArtefactDifference {
    private let tree: TreeDifference
    private let hidden: [EntryPath]
    private let shown: [EntryPath]

    init(from old: Artefact, to new: Artefact) {
        let all = (try? PathGlob(parsing: "/**")).map { [$0] } ?? []
        tree = TreeDifference(from: old.listing, to: new.listing, rules: TreeRules(keeping: all))
        let (before, after) = (Set(old.removed), Set(new.removed))
        hidden = after.subtracting(before).sorted()
        shown = before.subtracting(after).sorted()
    }

    var isEmpty: Bool {
        tree.added.isEmpty && tree.changed.isEmpty && tree.removed.isEmpty && hidden.isEmpty && shown.isEmpty
    }

    /// A line for each path, those of one kind together.
    var lines: [String] {
        guard !isEmpty else { return ["They are the same."] }
        return tree.removed.map { "- \($0.path.absolute)" } + tree.added.map { "+ \($0.path.absolute)" }
            + tree.changed.map { "~ \($0.target.path.absolute): \(Self.words($0).joined(separator: ", "))" }
            + hidden.map { "+ removed \($0.absolute)" } + shown.map { "- removed \($0.absolute)" }
    }

    var json: JSONValue {
        [
            "added": .array(tree.added.map { .string($0.path.absolute) }),
            "changed": .array(
                tree.changed.map { change in
                    [
                        "path": .string(change.target.path.absolute),
                        "in": .array(Self.words(change).map { .string($0) }),
                    ]
                }),
            "removed": .array(tree.removed.map { .string($0.path.absolute) }),
            "hides": .array(hidden.map { .string($0.absolute) }),
            "hides-no-more": .array(shown.map { .string($0.absolute) }),
        ]
    }

    private static func words(_ change: TreeDifference.Change) -> [String] {
        change.target.differences(from: change.base)
    }
}
