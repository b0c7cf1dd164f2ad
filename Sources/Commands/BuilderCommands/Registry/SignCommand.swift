import ArgumentParser
import CommandOutput
import Cryptography
import ImageBuilding
import ImageModel
import RegistryAccess
import RegistryModel
import SystemPackage

/// Signs what is published already: `boatyard sign`.
struct SignCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign an image or channel in a registry.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        What the reference names now is signed by its digest, in the format of cosign with a key: machines and \
        'cosign verify --key' accept it. Signatures of other keys stay, so that keys can be replaced. Any image \
        may be signed, container images too.

        Prints the reference by digest.
        """,
        statuses: [
            0: "signed, also when it was before",
            2: "not signed",
        ],
        examples: [
            "Sign what a tag names":
                "boatyard sign oci://registry.example/os:2 --key lifeboot.key"
        ])

    @Argument(help: ArgumentHelp("oci://host/repository:tag, or oci:PATH:NAME in a layout.", valueName: "reference"))
    var reference: String
    @Option(help: ArgumentHelp("The private key (\(SigningOptions.keyHelp)).", valueName: "key"))
    var key: String
    @OptionGroup
    var signing: SigningOptions
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    func perform(_ output: Output) throws {
        switch try SourceReference(typed: reference) {
        case .registry(let image):
            var client = try RegistryClient(image, registry.configuration(), userAgent: "boatyard")
            try sign(in: &client, named: image.name, shown: "oci://\(image.name)", output)
        case .layout(let entry):
            var layout = try LayoutTarget(entry)
            try sign(in: &layout, named: entry.path.string, shown: "oci:\(entry.path)", output)
        default:
            throw ValidationError("'\(reference)': write oci://host/repository:tag, or oci:PATH:NAME for a layout")
        }
    }

    private func sign(
        in target: inout some BlobTarget & ~Copyable, named name: String, shown: String, _ output: Output
    ) throws {
        let key = try signing.key(key)
        let document = try target.resolve()
        if try !target.sign(document, named: name, with: key) {
            output.note("the key has signed it before")
        }
        output.print(["\(shown)@\(document.digest.registryText)"])
    }
}
