import ArgumentParser
import CommandOutput
import LayerFolders
import LinuxSystem
import PackageSpecs
import SystemPackage

/// Makes a layer to begin with: `boatyard init`.
struct InitCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a layer of your own to begin with.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Writes boatyard.yaml, derivative.yaml, a package with a small service, a health check and defaults for \
        machines into a folder that is empty or not there yet, and prints what to type next. The layer lies on \
        another one, such as examples/foundation of lifeboot, whose packages are published; docs/products.md \
        goes through it.
        """,
        statuses: [
            0: "made",
            2: "not made",
        ],
        examples: [
            "Begin a layer":
                "boatyard init harbour"
        ])

    @Argument(help: ArgumentHelp("The layer's folder.", valueName: "dir"), completion: .directory)
    var folder: String
    @Option(help: "The layer's name (default: the folder's).")
    var name: String?
    @Option(
        help: ArgumentHelp(
            "The repository of the layer below: oci://host/repository, or oci:PATH.", valueName: "repository"))
    var below = "oci://registry.example/foundation/packages"

    func perform(_ output: Output) throws {
        let path = FilePath(folder)
        let own = name ?? path.lexicallyNormalized().lastComponent?.string ?? ""
        try LayerFolder(path).fill(with: try LayerTemplate(name: own, below: below))
        output.print(Self.next(folder))
    }

    /// What to type next, a line each.
    static func next(_ folder: String) -> [String] {
        let isPlain = folder.utf8.allSatisfy {
            UInt8(ascii: "-")...UInt8(ascii: "z") ~= $0 && !"\\^`;<>?[]".utf8.contains($0)
        }
        let place = isPlain ? folder : "'\(folder.replacing("'", with: "'\\''"))'"
        return [
            "cd \(place)", "boatyard key generate -o keys", "cp FOUNDATION.pub keys/foundation.pub", "boatyard lock",
            "boatyard package check", "boatyard image build --key keys/lifeboot.key -o out",
        ]
    }
}
