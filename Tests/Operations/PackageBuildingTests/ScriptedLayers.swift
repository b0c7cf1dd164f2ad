import BuildPlanning
import ImageModel
import LinuxSystem
import PackageModel
import PackageTrees
import RegistryModel
import SystemPackage
import TreeFolders
import TreeModel

@testable import PackageBuilding

/// Layers in a cache that scripts make.
struct ScriptedLayers: ~Copyable {
    private let folder: PrivateFolder
    let cache: BuildCache
    private var count = 0

    init() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "scripted-layers")
        cache = try BuildCache(folder.path.appending("cache"))
        self.folder = folder
    }

    /// A package whose files a script puts into an empty folder.
    mutating func package(_ name: String, _ script: String) throws -> BuildOutput {
        count += 1
        let tree = folder.path.appending("tree-\(count)")
        try Folders.make(tree)
        _ = try ChildProcess.run("/bin/sh", ["-ec", script], directory: tree, timeout: .seconds(20)).requireSuccess()
        let file = cache.folder.appending("work/layer-\(count)")
        let layer = try LayerWriter.write(
            Artefact(try TreeReading.folder(tree).listing), from: .folder(tree), to: file, epoch: 0)
        try cache.take(file, as: layer.digest)
        return BuildOutput(
            try PackageName(parsing: name), layer: layer.digest, content: layer.diffID, size: layer.size,
            installedSize: layer.installedSize)
    }

    /// A container image with the files of a script.
    mutating func image(_ script: String) throws -> BaseImage {
        let output = try package("base/image", script)
        guard let layer = output.layer, let content = output.content else { throw LayerlessImage() }
        return BaseImage(
            manifest: layer,
            layers: [
                Descriptor(
                    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: layer, size: Int(output.size))
            ], contents: [content])
    }

    /// The content of a file of what a composition comes to; nil when it has none.
    func content(_ path: String, of composition: BaseComposition) throws -> String? {
        let spool = folder.path.appending("spool-\(composition.layers.count)-\(path.utf8.count)")
        try Folders.make(spool)
        let path = EntryPath(joined: Array(path.utf8))
        let listing = try TreeReading.layers(
            composition.layers.map { cache.blob($0.digest) }, into: spool, selecting: { $0 == path }
        ).reading.listing
        guard case .regular(_, let digest)? = listing[path]?.kind else { return nil }
        return String(decoding: try FileBytes.read(spool.appending(digest.hex), limit: 1 << 20), as: UTF8.self)
    }
}

private struct LayerlessImage: Error {}
