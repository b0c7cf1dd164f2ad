import ArgumentParser
import CommandOutput
import ImageModel
import JSONText
import LinuxSystem
import PackageBuilding
import PackageTrees
import TreeModel

/// Lists what a package carries: `boatyard package files`.
struct PackageFilesCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "List the files of an artefact: mode, owner, bytes, path.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Takes the last build of a package, a build by its key, or a layer's file. Nothing is built.
        """,
        statuses: [
            0: "listed",
            2: "it is not there or damaged",
        ],
        examples: [
            "List the files of a package":
                "boatyard package files app/tide"
        ])

    @Argument(help: ArgumentHelp("A package, a key, or the path of a layer's file.", valueName: "artefact"))
    var name: String
    @OptionGroup(title: "Which cache")
    var cache: CacheOptions
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let artefact = try BuildCache(cache.folder()).artefact(name).artefact
        var table = TextTable()
        for entry in artefact.listing.entries { table.add(entry.row) }
        output.show(
            [
                "files": .array(artefact.listing.entries.map(\.json)),
                "removed": .array(artefact.removed.map { .string($0.absolute) }),
            ],
            lines: table.lines + artefact.removed.map { "removed \($0.absolute)" })
    }
}

extension TreeEntry {
    private var linkTarget: String? {
        guard case .symbolicLink(let target) = kind else { return nil }
        return String(decoding: target, as: UTF8.self)
    }

    private var furtherName: EntryPath? { isFurtherName ? firstName : nil }

    /// The cells of a table: kind, mode, owner and group, bytes, path.
    fileprivate var row: [String] {
        let end = linkTarget.map { " -> \($0)" } ?? furtherName.map { " = \($0.absolute)" } ?? ""
        return [kindName, mode, "\(owner):\(group)", "\(size)", path.absolute + end]
    }

    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "path": .string(path.absolute), "kind": .string(kindName), "mode": .string(mode),
            "owner": .integer(Int64(owner)), "group": .integer(Int64(group)), "size": .integer(size),
        ]
        if case .regular(_, let digest) = kind { object["sha256"] = .string(digest.hex) }
        if let linkTarget { object["target"] = .string(linkTarget) }
        if let furtherName { object["same-as"] = .string(furtherName.absolute) }
        if !attributes.isEmpty {
            object["attributes"] = .array(attributes.map { .string(String(decoding: $0.name, as: UTF8.self)) })
        }
        return .object(object)
    }
}
