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
        abstract: "Say which files of two artefacts are not the same.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Takes the last build of a package, a build by its key, or a layer's file. Times do not count.
        """,
        statuses: [
            0: "they are the same",
            1: "they are not",
            2: "one is not there or damaged",
        ],
        examples: [
            "Compare two builds":
                "boatyard package diff app/tide KEY"
        ])

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

extension ArtefactDifference {
    /// A line for each path, those of one kind together.
    fileprivate var lines: [String] {
        guard !isEmpty else { return ["They are the same."] }
        return tree.removed.map { "- \($0.path.absolute)" } + tree.added.map { "+ \($0.path.absolute)" }
            + tree.changed.map { "~ \($0.target.path.absolute): \($0.words.joined(separator: ", "))" }
            + hidden.map { "+ removed \($0.absolute)" } + shown.map { "- removed \($0.absolute)" }
    }

    fileprivate var json: JSONValue {
        [
            "added": .array(tree.added.map { .string($0.path.absolute) }),
            "changed": .array(
                tree.changed.map { change in
                    [
                        "path": .string(change.target.path.absolute),
                        "in": .array(change.words.map { .string($0) }),
                    ]
                }),
            "removed": .array(tree.removed.map { .string($0.path.absolute) }),
            "hides": .array(hidden.map { .string($0.absolute) }),
            "hides-no-more": .array(shown.map { .string($0.absolute) }),
        ]
    }
}
