import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Lists what is given by hand to lie beside the images, on a medium or in what a netboot loads.
struct MediumConfiguration {
    /// The folder that seeds the OEM partition.
    static let oem: FilePath = "/oem"
    /// What says how to install without asking.
    static let installation = "/install.yaml"
    /// Far more than such a file has.
    private static let installationLimit = 64 << 10

    /// A folder whose contents become `oem`; nil for none.
    let oemFiles: FilePath?
    /// A file that becomes `install.yaml`; nil for none.
    let installation: FilePath?
    let sign: ((_ message: [UInt8]) throws -> [UInt8])?
    let staging: FilePath

    /// All of it, with the bytes where they are, or in the staging folder.
    func entries() throws -> [MediaEntry] { try oemEntries() + installationEntries() }

    private func oemEntries() throws -> [MediaEntry] {
        guard let folder = oemFiles else { return [] }
        // A folder that is not there lists as an empty one.
        guard try FileStatus.of(folder)?.kind == .directory else {
            throw ISOError.file(folder, "it is no folder", remedy: "Name a folder.")
        }
        let entries = try DiskEntry.tree(folder, below: Self.oem).map { try MediaEntry($0) }
        return [MediaEntry(Self.oem.string, .folder)] + entries
    }

    /// The file that says how to install, and what the key says about it.
    private func installationEntries() throws -> [MediaEntry] {
        guard let path = installation else { return [] }
        let text = try FileBytes.readGiven(path, limit: Self.installationLimit)
        let copy = staging.appending("install.yaml")
        try AtomicFile.write(text, to: copy)
        guard let sign else { return [try MediaEntry(Self.installation, copy)] }
        let signature = staging.appending("install.yaml.sig")
        try AtomicFile.write(SignatureFile(signatures: [try sign(text)]).serialized(), to: signature)
        return [try MediaEntry(Self.installation, copy), try MediaEntry("\(Self.installation).sig", signature)]
    }
}

extension MediaEntry {
    /// What a disk would hold, where it is.
    ///
    /// - Throws: `ISOError` for a link.
    init(_ entry: DiskEntry) throws {
        switch entry {
        case .directory(let path): self.init(path.string, .folder)
        case .file(let path, let source, let permissions): try self.init(path.string, source, permissions)
        case .link(let path, _): throw ISOError.file(path, "it is a link, which a stick with FAT cannot hold")
        }
    }

    /// A file with the content of one of the host.
    init(_ path: String, _ source: FilePath, _ permissions: UInt16 = 0o644) throws {
        let size = try FileStatus.of(source)?.size ?? 0
        self.init(path, .file(source: source.string, size: size, permissions: permissions))
    }
}
