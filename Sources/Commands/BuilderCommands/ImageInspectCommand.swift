import ArgumentParser
import ImageBuilding
import ImageFolders
import ImageModel
import JSONText
import SystemPackage

/// Shows what an image is: `boatyard image inspect`.
struct ImageInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what an image says of itself.",
        discussion: """
            Nothing is verified; 'boatyard image verify' does that. Exit status: 0 shown; 2 the manifest cannot be read \
            or is malformed; 64 usage.
            """)

    @Argument(help: ArgumentHelp("The image's folder.", valueName: "dir"))
    var image: String
    @Flag(help: "Print the id and the manifest as JSON.")
    var json = false

    func run() throws {
        let image = try ImageFolder(FilePath(image))
        try Console.print(json ? try Self.json(image) : Self.table(image).joined(separator: "\n"))
    }

    private static func json(_ image: ImageFolder) throws -> String {
        let object: JSONObject = [
            "id": .string(image.id.description), "manifest": try JSONValue(parsing: image.manifestBytes),
        ]
        return String(decoding: JSONValue.object(object).serialized(indented: true), as: UTF8.self)
    }

    /// Two columns: what, and its value.
    static func table(_ image: ImageFolder) -> [String] {
        let manifest = image.manifest
        let rows = [
            ("id", image.id.description), ("name", manifest.name), ("version", manifest.version),
            ("sequence", "\(manifest.sequence)"), ("created", "\(manifest.createdAt)"),
            ("architecture", manifest.architecture), ("system", manifest.osRelease("PRETTY_NAME") ?? "-"),
            ("root", "\(manifest.root.format), \(Console.size(manifest.root.size))"),
            ("root hash", Hexadecimal.text(of: manifest.root.verity.rootHash)),
            ("kernel", Console.size(manifest.kernel.size)), ("initrd", Console.size(manifest.initrd.size)),
            ("arguments", manifest.kernelArguments.isEmpty ? "-" : manifest.kernelArguments.joined(separator: " ")),
            ("boards", manifest.boards.isEmpty ? "all" : manifest.boards.joined(separator: ", ")),
            ("oldest agent", manifest.minimumAgent?.description ?? "any"),
            ("source", manifest.source?.hex ?? "unknown"),
        ]
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
    }
}
