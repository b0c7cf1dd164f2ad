import Cryptography
import ImageAssembly
import ImageFolders
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage

/// Writes the patches of an image: how its root file comes out of those of images that machines have.
struct ImagePatches {
    let bases: [FilePath]
    let progress: (TransferProgress) -> Void

    /// Writes the parts beside the other files and returns what the manifest says of them.
    ///
    /// - Throws: `ImageBuildError` when an image has no chunk index; what stands in the way of reading it.
    func write(_ index: ChunkIndex, to staging: borrowing ImageStaging) throws -> [Manifest.Patch] {
        var patches: [Manifest.Patch] = []
        for base in bases {
            progress(TransferProgress("comparing with \(base)", done: 0))
            let manifest = try ImageFolder(base).manifest
            guard
                let bytes = try FileBytes.readIfPresent(
                    base.appending(ImageFile.chunks.rawValue), limit: ImageFile.chunks.sizeLimit)
            else {
                throw ImageBuildError(
                    "comparing with", base.string, "\(ImageFile.chunks.rawValue) is missing",
                    remedy: "Name the folder of an image that 'boatyard image build' made.")
            }
            let known = Set(try ChunkIndex(parsing: bytes).chunks.map(\.digest))
            let root = staging.path.appending(ImageFile.root.rawValue)
            var parts: [RootPatch] = []
            try RootPatchMaker(root, index, base: base).parts(known: known) { parts.append($0) }
            for part in parts {
                patches.append(try write(part, of: index, manifest, number: patches.count, to: staging))
            }
        }
        return patches
    }

    private func write(
        _ part: RootPatch, of index: ChunkIndex, _ base: Manifest, number: Int, to staging: borrowing ImageStaging
    ) throws -> Manifest.Patch {
        let bytes = part.serialized()
        try staging.write(bytes, Manifest.Patch.name(number))
        return Manifest.Patch(
            base: base.root.sha256, first: part.changes.first?.chunk ?? 0, last: part.changes.last?.chunk ?? 0,
            covers: part.changes.reduce(0) { $0 + index.chunks[$1.chunk].length },
            file: Manifest.File(size: bytes.count, sha256: try SHA256Hasher.digest(of: bytes)))
    }
}
