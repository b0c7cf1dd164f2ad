import Cryptography
import Faults
package import ImageModel
import LinuxSystem
package import PackageModel
import RegistryAccess
package import RegistryModel
import RepositoryPlanning
package import SystemPackage

/// Makes a repository on the disk: an OCI layout with packages and an index that nobody has signed yet.
package enum RepositoryCreator {
    /// What was made.
    package struct Created: Equatable, Sendable {
        /// The digest of the index' manifest.
        package var digest: Digest
        /// The packages, in the order of the index.
        package var packages: [RepositoryPackage]
        /// How many blobs were stored now; the others were there.
        package var stored: Int
    }

    /// Makes a layout with exactly these packages; the same packages make the same bytes.
    ///
    /// Content is stored first and named in one step: a cut before leaves what was there, and what was stored need not be
    /// stored again.
    ///
    /// - Parameters:
    ///   - name: the repository's name.
    ///   - folder: the layout; one that is there is replaced, if it is a repository.
    ///   - report: is told before each package.
    /// - Throws: `RepositoryPlanningError` for two different packages with one name and version; `PackageRepositoryError` for
    ///   a folder with something else in it; `RegistryError` for a layer that is not what its digest says; `SystemError`.
    package static func create(
        _ packages: [BuiltPackage], named name: String, in folder: FilePath,
        report: (TransferProgress) -> Void = { _ in }
    ) throws -> Created {
        let images = try packages.map { try PackageDocuments($0) }
        let index = try Self.index(images, name)
        let tags = try TagPlan.wanted(by: images.map(\.entry), beside: [])
        try check(folder)
        var layout = try LayoutTarget(SourceReference.Entry(folder))
        try layout.gather()
        var writer = LayoutWriter(present: try layout.blobs())
        let total = images.map(\.entry).bytes
        var done = 0
        for (package, image) in zip(packages, images) {
            report(TransferProgress("storing packages", done: done, total: total))
            try writer.store(package, image, in: &layout)
            done += package.layer?.size ?? 0
        }
        try writer.name(tags, images, in: &layout)
        let digest = try writer.store(index, in: &layout)
        try layout.commit(replacing: true)
        _ = try layout.sweep(keeping: writer.digests)
        return Created(digest: digest, packages: index.packages, stored: writer.stored)
    }

    /// The index of a layout is good for nobody before it is published: it counts for the first second of 1970.
    private static func index(_ images: [PackageDocuments], _ name: String) throws -> RepositoryIndex {
        guard let start = UTCTime(seconds: 0), let end = UTCTime(seconds: 1) else {
            throw PackageRepositoryError(.layout, "making", name, cause: "there is no time", remedy: "Report this.")
        }
        return RepositoryIndex(
            name: name, revision: 1, previous: nil, created: start, expires: end,
            packages: try IndexMerge.merged([images.map(\.entry)]))
    }

    private static func check(_ folder: FilePath) throws {
        guard let names = try content(folder), !names.isEmpty else { return }
        guard names == ["oci-layout"] || names.contains("index.json") else {
            throw occupied(folder, "there is something in it that is no OCI layout")
        }
        guard names.contains("index.json") else { return }
        var layout = try LayoutTarget(existing: SourceReference.Entry(folder))
        let tags = try layout.tags()
        if !tags.isEmpty, !tags.contains(RepositoryIndex.newestTag) {
            throw occupied(folder, "it is an OCI layout with something else in it")
        }
    }

    private static func content(_ folder: FilePath) throws -> [String]? {
        guard let status = try FileStatus.of(folder) else { return nil }
        guard status.kind == .directory else { throw occupied(folder, "it is no folder") }
        // A cut before the first index leaves blobs alone.
        return try Folders.names(of: folder).filter { $0 != "blobs" }
    }

    private static func occupied(_ folder: FilePath, _ cause: String) -> PackageRepositoryError {
        PackageRepositoryError(
            .layout, "making a repository in", folder.string, cause: cause, remedy: "Name another folder.")
    }
}

/// Stores packages in a layout, and keeps account of what belongs to it.
struct LayoutWriter: Sendable {
    /// Everything that is stored.
    private(set) var digests: Set<Digest> = []
    /// How many blobs were stored now.
    private(set) var stored = 0
    private let present: Set<Digest>

    /// Begins with what is there, so that nothing else is asked for.
    init(present: Set<Digest>) { self.present = present }

    /// Stores the blobs and manifests of a package.
    mutating func store(_ package: BuiltPackage, _ image: PackageDocuments, in layout: inout LayoutTarget) throws {
        if let layer = package.layer {
            let blob = Descriptor(mediaType: MediaType.layer, digest: layer.digest, size: layer.size)
            try store(blob, .file(layer.path), in: &layout)
        }
        try store(image.config, in: &layout)
        try store(image.manifest, in: &layout)
        guard let details = image.details else { return }
        for detail in package.details {
            let blob = Descriptor(mediaType: detail.mediaType, digest: detail.digest, size: detail.size)
            try store(blob, .file(detail.path), in: &layout)
        }
        try store(try PackageDocuments.emptyConfig(), in: &layout)
        try store(details, in: &layout)
    }

    /// Names the packages.
    mutating func name(
        _ tags: [String: TagContent], _ images: [PackageDocuments], in layout: inout LayoutTarget
    ) throws {
        let manifests = Dictionary(
            images.map { ($0.manifest.digest, $0.manifest) }, uniquingKeysWith: { one, _ in one })
        for (tag, content) in tags.sorted(by: { $0.key < $1.key }) {
            let document = try TagDocument.document(content) { digest in
                try manifests[digest] ?? layout.manifest(digest)
            }
            digests.insert(try layout.push(manifest: document.bytes, mediaType: document.mediaType, tag: tag))
        }
    }

    /// Stores the index.
    mutating func store(_ index: RepositoryIndex, in layout: inout LayoutTarget) throws -> Digest {
        let parts = try RepositoryArtifact.parts(of: index)
        for part in parts.layers + [parts.config] { try store(part.blob, .bytes(part.bytes), in: &layout) }
        let digest = try layout.push(
            manifest: parts.manifest.bytes, mediaType: parts.manifest.mediaType, tag: RepositoryIndex.newestTag)
        digests.insert(digest)
        return digest
    }

    private mutating func store(_ blob: PackageDocuments.Blob, in layout: inout LayoutTarget) throws {
        try store(blob.descriptor, .bytes(blob.bytes), in: &layout)
    }

    private mutating func store(_ document: ManifestDocument, in layout: inout LayoutTarget) throws {
        let blob = Descriptor(mediaType: document.mediaType, digest: document.digest, size: document.bytes.count)
        try store(blob, .bytes(document.bytes), in: &layout)
    }

    /// Stores a blob; one that is there is read first, because a cut may have left anything under its name.
    mutating func store(_ blob: Descriptor, _ content: BlobContent, in layout: inout LayoutTarget) throws {
        guard digests.insert(blob.digest).inserted else { return }
        if present.contains(blob.digest), try layout.holds(blob) { return }
        try layout.pushNew(blob, content)
        stored += 1
    }
}
