import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Lists what lies on a medium, and where each file's bytes are on this machine.
struct ISOContent {
    /// The folder of the medium that seeds the OEM partition.
    static let oem: FilePath = "/oem"
    /// What says how to install without asking.
    static let installation = "/install.yaml"
    /// Far more than such a file has.
    private static let installationLimit = 64 << 10

    let request: ISORequest
    let images: ISOImages
    let loader: ISOBootLoader
    let staging: FilePath

    /// Everything but the sums.
    func entries() throws -> [MediaEntry] {
        var entries = try (images.all.flatMap { try $0.entries(staging: staging) }).map { try entry($0) }
        entries.append(try file(ISOBootLoader.loader, loader.program))
        entries.append(try file(ISOBootLoader.configuration, loader.menuFile))
        entries += try oemEntries()
        entries += try installationEntries()
        return entries
    }

    private func oemEntries() throws -> [MediaEntry] {
        guard let folder = request.oemFiles else { return [] }
        // A folder that is not there lists as an empty one.
        guard try FileStatus.of(folder)?.kind == .directory else {
            throw ISOError.file(folder, "it is no folder", remedy: "Name a folder.")
        }
        let entries = try DiskEntry.tree(folder, below: Self.oem).map { try entry($0) }
        return [MediaEntry(Self.oem.string, .folder)] + entries
    }

    /// The file that says how to install, and what the key says about it.
    private func installationEntries() throws -> [MediaEntry] {
        guard let path = request.installation else { return [] }
        let text = try FileBytes.readGiven(path, limit: Self.installationLimit)
        let copy = staging.appending("install.yaml")
        try AtomicFile.write(text, to: copy)
        guard let sign = request.sign else { return [try file(Self.installation, copy)] }
        let signature = staging.appending("install.yaml.sig")
        try AtomicFile.write(SignatureFile(signatures: [try sign(text)]).serialized(), to: signature)
        return [try file(Self.installation, copy), try file("\(Self.installation).sig", signature)]
    }

    private func entry(_ entry: DiskEntry) throws -> MediaEntry {
        switch entry {
        case .directory(let path): MediaEntry(path.string, .folder)
        case .file(let path, let source, let permissions): try file(path.string, source, permissions)
        case .link(let path, _): throw ISOError.file(path, "it is a link, which a stick with FAT cannot hold")
        }
    }

    private func file(_ path: String, _ source: FilePath, _ permissions: UInt16 = 0o644) throws -> MediaEntry {
        let size = try FileStatus.of(source)?.size ?? 0
        return MediaEntry(path, .file(source: source.string, size: size, permissions: permissions))
    }
}
