import Cryptography
import GrubEnvironment
import ImageFolders
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Reads an image directory as far as a disk needs it: identity, files and what is derived from the manifest.
struct DiskImageSource: Sendable {
    /// The directory.
    let path: FilePath
    /// The image's identity.
    let id: ImageID
    /// What the image says of itself.
    let manifest: Manifest
    /// The published files that are there, with their sizes.
    let files: [(file: ImageFile, size: Int64)]

    /// The bytes that the files take on a partition.
    var size: Int64 { files.reduce(0) { $0 + ($1.size + 4095) / 4096 * 4096 } }

    /// Reads the manifest and looks at the files.
    ///
    /// The contents are not read here: `image verify` does that, and the boot does it again.
    /// - Throws: when the manifest is malformed, a file is missing, or a size differs from the manifest's.
    init(_ path: FilePath) throws {
        let folder = try ImageFolder(path)
        (self.path, id, manifest) = (path, folder.id, folder.manifest)
        files = try Self.files(of: folder)
    }

    private static func files(of folder: ImageFolder) throws -> [(ImageFile, Int64)] {
        try ImageFile.published.compactMap { file in
            let fault = try folder.fault(of: file, .size)
            // Without a chunk index only deltas are lost.
            if file == .chunks, fault?.kind == .missing { return nil }
            if let fault { throw DiskError.image(folder.path, "\(fault)") }
            return (file, try FileStatus.of(folder.path(of: file))?.size ?? 0)
        }
    }

    /// The entries of the image's folder on a partition, the derived files written to a staging folder first.
    func entries(staging: FilePath) throws -> [DiskEntry] {
        let folder = FilePath("/images/\(id)")
        var entries: [DiskEntry] = [.directory(folder)]
        entries += files.map { .file(folder.appending($0.file.rawValue), path.appending($0.file.rawValue), 0o644) }
        for (file, bytes) in try manifest.derivedFiles() {
            let source = staging.appending("\(id).\(file.rawValue)")
            try AtomicFile.write(bytes, to: source, isDurable: false)
            entries.append(.file(folder.appending(file.rawValue), source, 0o644))
        }
        return entries
    }
}
