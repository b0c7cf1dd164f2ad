import ArgumentParser
import CommandOutput
import ImageAssembly
import ImageModel
import JSONText
import LinuxSystem
import PackageBuilding
import SystemPackage

/// Turns an artefact into a file that machines use without a repository: `boatyard package export`.
struct PackageExportCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write an artefact as an extension image for /oem/overlays.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The artefact may have files in /usr and /opt alone. docs/overlays.md says what becomes of the image.
        """,
        statuses: [
            0: "written",
            2: "it could not be",
        ],
        examples: [
            "Make an extension image of a package":
                "boatyard package export app/tide --sysext -o 10-tide.squashfs"
        ])

    @Argument(help: ArgumentHelp("A package, a key, or the path of a layer's file.", valueName: "artefact"))
    var name: String
    @Flag(help: "Write an extension image, the only kind so far.")
    var sysext = false
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file, such as 10-tools.squashfs.", valueName: "file"),
        completion: .file())
    var output: String
    @Option(help: ArgumentHelp("The system that it fits, ID of its os-release (default: any).", valueName: "id"))
    var system: String?
    @Option(help: ArgumentHelp("The version that it fits, VERSION_ID (default: any).", valueName: "version"))
    var systemVersion: String?
    @Option(help: ArgumentHelp("The architecture that it fits, or all (default: this machine's).", valueName: "name"))
    var architecture: String?
    @OptionGroup(title: "Which cache")
    var cache: CacheOptions
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws {
        if !sysext { throw ValidationError("say with --sysext what is to be written") }
        if systemVersion != nil, system == nil { throw ValidationError("--system-version needs --system") }
        for word in [system, systemVersion, architecture].compactMap(\.self) where !Self.isWord(word) {
            throw ValidationError("'\(word)' is no word of an os-release")
        }
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'\\$`#=".utf8.contains($0) }
    }

    func perform(_ output: Output) throws {
        var export = ExtensionExport(FilePath(self.output), architecture: architecture ?? ImageArchitecture.host)
        (export.system, export.version) = (system, systemVersion)
        let time = try ImageBuildCommand.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH"))?.seconds
        let artefact = try BuildCache(cache.folder()).artefact(name)
        let size = try export.write(artefact, time: time ?? LayerChoice.standardEpoch)
        output.end(
            OperationResult(
                "package export", changed: true, "\(self.output) was written: \(size) bytes.",
                details: ["file": .string(self.output), "size": .integer(size)]))
    }
}
