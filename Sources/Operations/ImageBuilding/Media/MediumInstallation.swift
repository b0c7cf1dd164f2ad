import DocumentTree
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage
import TransactionPlanning
import YAMLDocuments

/// Lists what says how a machine is installed without anybody, and checks it as the machine will.
struct MediumInstallation {
    /// Where it lies on the medium.
    static let path = "/\(InstallFile.name)"
    /// Far more than a passphrase has.
    private static let passphraseLimit = 64 << 10

    /// A file that becomes `install.yaml`; nil for none.
    let file: FilePath?
    /// A file whose first line is the passphrase that it encrypts with; nil for none.
    let passphrase: FilePath?
    /// The images that it can name.
    let images: [ImageID]
    let sign: ((_ message: [UInt8]) throws -> [UInt8])?
    let staging: FilePath

    /// The file, what it needs, and what the key says about it.
    func entries() throws -> [MediaEntry] {
        guard let file else { return [] }
        let text = try FileBytes.readGiven(file, limit: InstallFile.sizeLimit)
        try check(text, file)
        let entries = [try written(text, Self.path)] + (try passphraseEntries())
        guard let sign else { return entries }
        let signature = SignatureFile(signatures: [try sign(text)]).serialized()
        return entries + [try written(signature, "\(Self.path).sig")]
    }

    /// What the machine would refuse is refused here, where somebody sees it.
    private func check(_ text: [UInt8], _ path: FilePath) throws {
        let said = try InstallFile(text, of: "\(path)") { (bytes) throws(DocumentError) in
            try YAMLDocument.parse(bytes)
        }
        if let image = said.image, !images.contains(image) {
            throw ISOError.file(
                path, "image \(image) is not on the medium",
                remedy: "Add it with --install, or name one of \(images.map(\.description).joined(separator: ", ")).")
        }
        guard (said.encryption == .passphrase) != (passphrase != nil) else { return }
        throw ISOError.file(
            path,
            passphrase == nil
                ? "it encrypts with a passphrase, and none is given"
                : "a passphrase is given, and it encrypts with none",
            remedy: "Use `encryption: passphrase` and --install-passphrase together.")
    }

    private func passphraseEntries() throws -> [MediaEntry] {
        guard let passphrase else { return [] }
        let bytes = try FileBytes.readGiven(passphrase, limit: Self.passphraseLimit)
        return [try written(bytes, "/\(InstallFile.passphraseName)")]
    }

    private func written(_ bytes: [UInt8], _ path: String) throws -> MediaEntry {
        let copy = staging.appending(String(path.dropFirst()))
        try AtomicFile.write(bytes, to: copy, isDurable: false)
        return try MediaEntry(path, copy)
    }
}
