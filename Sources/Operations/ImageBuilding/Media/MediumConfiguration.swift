import ImagePlanning
import LinuxSystem
import SystemPackage

/// Lists what is given by hand to lie beside the images, on a medium or in what a netboot loads.
struct MediumConfiguration {
    /// The folder that seeds the OEM partition.
    static let oem: FilePath = "/oem"

    /// A folder whose contents become `oem`; nil for none.
    let oemFiles: FilePath?
    /// How to install without asking.
    let installation: MediumInstallation

    /// All of it, with the bytes where they are, or in a staging folder.
    func entries() throws -> [MediaEntry] { try oemEntries() + installation.entries() }

    private func oemEntries() throws -> [MediaEntry] {
        guard let folder = oemFiles else { return [] }
        // A folder that is not there lists as an empty one.
        guard try FileStatus.of(folder)?.kind == .directory else {
            throw ISOError.file(folder, "it is no folder", remedy: "Name a folder.")
        }
        let entries = try DiskEntry.tree(folder, below: Self.oem).map { try MediaEntry($0) }
        return [MediaEntry(Self.oem.string, .folder)] + entries
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
