package import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage
package import TransferPlanning

/// Fetches an image artifact into a staging folder, by difference from the images that are on this machine.
///
/// `docs/delta.md` describes what is fetched in which order and what every cut leaves.
package struct ArtifactFetch: Sendable {
    /// Says what a fetch took.
    package struct Summary: Equatable, Sendable {
        /// What moved over the network, documents included.
        package var traffic = Traffic()
        /// Bytes copied from images on this machine.
        package var copied = 0
        /// What did not go as it should without being a failure: a local image that cannot be read.
        package var notes: [String] = []
    }

    /// What is fetched.
    package var documents: ImageDocuments
    /// Directories of images on this machine, on any partition; those that are not there give nothing.
    package var locals: [FilePath]
    /// Whether the root file may be fetched whole.
    package var policy: FullDownloadPolicy

    /// Describes a fetch.
    package init(_ documents: ImageDocuments, locals: [FilePath] = [], policy: FullDownloadPolicy = .allow) {
        self.documents = documents
        self.locals = locals
        self.policy = policy
    }

    /// Fetches, verifies and flushes the image; only its final name is missing then.
    ///
    /// A folder of an earlier attempt at the same source goes on where that stopped.
    ///
    /// - Parameters:
    ///   - staging: the folder, on the partition that is to hold the image; made where it is missing.
    ///   - observer: is told how far it is; what it throws ends the fetch, which can be resumed.
    /// - Throws: `FetchError`, `PreallocationError`, or the error of the source or the observer.
    package func run(
        into staging: FilePath, from source: inout some BlobSource & ~Copyable,
        observer: (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, summary: Summary) {
        var summary = Summary()
        let before = source.traffic
        try Folders.make(staging)
        let chunks = try RootChunks.read(documents, folders: [staging] + locals, from: &source)
        var image = try StagedImage(
            in: staging, id: documents.id, documents.manifest, source: documents.artifact.source, index: chunks?.index)
        try image.write([
            (ImageFile.manifest.rawValue, documents.manifestBytes),
            (ImageFile.signature.rawValue, documents.signatureBytes), (ImageFile.chunks.rawValue, chunks?.bytes),
        ])
        try fetch(&image.kernel, in: staging, &summary, from: &source, observer)
        try fetch(&image.initrd, in: staging, &summary, from: &source, observer)
        try fetch(&image.root, in: staging, &summary, from: &source, observer)
        summary.traffic.requests = source.traffic.requests - before.requests
        summary.traffic.bytesReceived = source.traffic.bytesReceived - before.bytesReceived
        return (try image.finish(observer), summary)
    }

    /// Says what a fetch would cost, without writing anything; the chunk index is fetched for it.
    ///
    /// - Throws: `FetchError` or the error of the source.
    package func estimate(from source: inout some BlobSource & ~Copyable) throws -> (TransferEstimate, FetchPlan) {
        let chunks = try RootChunks.read(documents, folders: locals, from: &source)
        let root = documents.manifest.root
        let index = chunks?.index ?? .whole(size: root.size, digest: root.sha256)
        var notes: [String] = []
        let places = places(index, .root, hasIndex: chunks != nil, &notes)
        let tree = HashTree(root.verity, in: "").chunks(of: index)
        let plan = DeltaPlan.make(
            index, hasIndex: chunks != nil, places: places, held: ByteRanges(tree.map { [$0] } ?? []), policy: policy
        ).fetch
        var sum = plan.estimate
        if case .ranges = plan.decision {
            sum.bytes -= min(sum.bytes, PatchFetch(patches: documents.manifest.patches, locals: locals).saving)
        }
        for (file, expected) in documents.manifest.bootedFiles where file != .root {
            let index = ChunkIndex.whole(size: expected.size, digest: expected.sha256)
            let places = self.places(index, file, hasIndex: false, &notes)
            sum = sum + DeltaPlan.make(index, places: places).fetch.estimate
        }
        return (sum, plan)
    }

    private func fetch(
        _ file: inout StagedFile, in staging: FilePath, _ summary: inout Summary,
        from source: inout some BlobSource & ~Copyable,
        _ observer: (TransferProgress) throws -> Void
    ) throws {
        if file.isComplete { return }
        guard let blob = documents.artifact.files[file.kind] else {
            throw FetchError.unusable("the image's manifest", "it has no file \(file.kind.rawValue)")
        }
        let isRoot = file.kind == .root
        var fetch = FileFetch(blob: blob, policy: isRoot ? policy : .allow)
        if isRoot {
            let tree = HashTree(documents.manifest.root.verity, in: staging.appending(file.kind.rawValue))
            fetch.tree = tree
            fetch.patches = documents.manifest.patches
            file.derived = tree.chunks(of: file.index)
            if file.derived != nil { file.tree = try GrowingTree(tree) }
        }
        let places = places(file.index, file.kind, hasIndex: isRoot && file.hasIndex, &summary.notes)
        let paths = locals.map { $0.appending(file.kind.rawValue) }
        summary.notes += try fetch.run(&file, paths, places, from: &source, observer)
        file.beginReadingBack()
        summary.copied += file.copied
    }

    /// Looks for the chunks of a file in the images of this machine.
    private func places(
        _ index: ChunkIndex, _ file: ImageFile, hasIndex: Bool, _ notes: inout [String]
    ) -> ChunkPlaces {
        var places = ChunkPlaces(wanted: index)
        for (number, directory) in locals.enumerated() {
            let local = LocalImage(directory)
            if let whole = local.whole(file) { places.add(whole, file: number) }
            guard hasIndex else { continue }
            do {
                places.add(try local.chunks(index.parameters), file: number)
            } catch {
                // The image is then fetched without the help of this one.
                notes.append("\(directory) gives nothing to the update: \(error)")
            }
        }
        return places
    }
}
