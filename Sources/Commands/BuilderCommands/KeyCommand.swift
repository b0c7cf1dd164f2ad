import ArgumentParser
import CommandOutput
import Cryptography
import ImageBuilding
import SystemPackage

/// Groups what concerns keys: `boatyard key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make the keys that images are signed with.",
        subcommands: [KeyGenerateCommand.self])
}

/// Makes a key pair: `boatyard key generate`.
struct KeyGenerateCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a new key pair.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Writes \(ImageKeys.privateName) (EC P-256, PEM, readable by you alone, and protected by a passphrase if you \
        give one) and \(ImageKeys.publicName). Keep the first one secret and safe: who has it can make images that \
        your machines boot, and without it you can make none. Nothing is overwritten.
        """,
        examples: [
            "Make a key pair":
                "boatyard key generate -o keys"
        ])

    @Option(
        name: [.short, .long], help: ArgumentHelp("The folder for the two files.", valueName: "dir"),
        completion: .directory)
    var output: String = "."
    @Option(
        help: ArgumentHelp("Protect the private key: the passphrase is the first line of a file.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    func perform(_ output: Output) throws {
        // A variable of the environment protects nothing that nobody asked to protect.
        let passphrase = try passphraseFile.map { try SigningOptions.firstLine(of: FilePath($0)) }
        let key = try ImageKeys.generate(in: FilePath(self.output), passphrase: passphrase)
        output.print(["\(FilePath(self.output).appending(ImageKeys.publicName)) \(try key.fingerprint())"])
    }
}
