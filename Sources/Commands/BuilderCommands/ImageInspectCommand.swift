import ArgumentParser
import CommandOutput
import Faults
import ImageBuilding
import ImageFolders
import ImageModel
import JSONText
import SystemPackage

/// Shows what an image is: `boatyard image inspect`.
struct ImageInspectCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what an image says of itself.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Nothing is verified; 'boatyard image verify' does that.
        """,
        statuses: [
            0: "shown",
            2: "the manifest cannot be read or is malformed",
        ],
        examples: [
            "See what an image says of itself":
                "boatyard image inspect image"
        ])

    @Argument(help: ArgumentHelp("The image's folder.", valueName: "dir"), completion: .directory)
    var image: String
    @Flag(help: "Print the id and the manifest as JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let image = try ImageFolder(FilePath(image))
        try output.show(try Self.json(image), lines: Self.table(image))
    }

    /// The id, and the manifest as it is signed.
    static func json(_ image: ImageFolder) throws -> JSONValue {
        ["id": .string(image.id.description), "manifest": try JSONValue(parsing: image.manifestBytes)]
    }

    /// Two columns: what, and its value.
    static func table(_ image: ImageFolder) -> [String] {
        let manifest = image.manifest
        let rows: [[String]] = [
            ["id", image.id.description], ["name", manifest.name], ["version", manifest.version],
            ["sequence", "\(manifest.sequence)"], ["created", "\(manifest.createdAt)"],
            ["architecture", manifest.architecture], ["system", manifest.osRelease("PRETTY_NAME") ?? "-"],
            ["root", "\(manifest.root.format), \(ByteText.scaled(manifest.root.size))"],
            ["root hash", Hexadecimal.text(of: manifest.root.verity.rootHash)],
            ["kernel", ByteText.scaled(manifest.kernel.size)], ["initrd", ByteText.scaled(manifest.initrd.size)],
            ["arguments", manifest.kernelArguments.isEmpty ? "-" : manifest.kernelArguments.joined(separator: " ")],
            ["boards", manifest.boards.isEmpty ? "all" : manifest.boards.joined(separator: ", ")],
            ["oldest agent", manifest.minimumAgent?.description ?? "any"],
            ["source", manifest.source?.hex ?? "unknown"], ["sbom", manifest.sbom?.hex ?? "none"],
            ["provenance", manifest.provenance?.hex ?? "none"],
        ]
        var table = TextTable()
        rows.forEach { table.add($0) }
        return table.lines
    }
}
