import Faults
import ImageModel
package import PackageModel
import PackageSelection
package import PackageSolving
package import RegistryAccess
package import RegistryModel
import RepositoryPlanning

/// Copies packages of a repository into a layout, which is a repository then, for a place without a network.
package enum PackagePull {
    /// What was copied.
    package struct Pulled: Equatable, Sendable {
        /// The packages.
        package var packages: [RepositoryPackage]
        /// How many blobs were fetched; the others were there.
        package var fetched: Int
    }

    /// Packages that were chosen together.
    package struct Closure: Sendable {
        /// The packages; what one needs comes before it.
        package var packages: [RepositoryPackage]
        /// Choices that nobody made, a sentence each.
        package var warnings: [String]
    }

    /// What requests ask for together with all that it requires, as the solver chooses it for one image.
    ///
    /// - Parameter architecture: the image's.
    /// - Throws: `SolverError`; with all that stands against it when the repository does not have it.
    package static func closure(
        of requests: [PackageRequest], in opened: RepositoryReader.Opened, architecture: String
    ) throws(SolverError) -> Closure {
        let catalogue = PackageCatalogue([opened.known.index], architecture: architecture)
        let placed = requests.map { PlacedRequest($0, from: "the command line") }
        let result = try PackageSolver.result(of: placed, in: catalogue)
        return Closure(
            packages: result.packages.compactMap(\.package.published), warnings: result.warnings.map(\.description))
    }

    /// Copies packages with the signed index that names them; what the layout has stays.
    ///
    /// Every blob is checked by its digest. All of it is named in one step at the end: a cut before leaves what was there,
    /// and what was stored need not be fetched again.
    ///
    /// - Parameters:
    ///   - opened: the repository as it was opened.
    ///   - withDetails: whether the lists of files and the like come along.
    /// - Throws: `PackageRepositoryError` (`content`) for a package that is not what the index says; as source and layout.
    package static func pull(
        _ packages: [RepositoryPackage], of opened: RepositoryReader.Opened,
        from source: inout some BlobSource & ~Copyable, to layout: inout LayoutTarget, withDetails: Bool = false,
        report: (TransferProgress) -> Void = { _ in }
    ) throws -> Pulled {
        try layout.gather()
        var pulled = Pulled(packages: packages, fetched: 0)
        var manifests: [Digest: ManifestDocument] = [:]
        var done = 0
        for package in packages {
            report(TransferProgress("fetching packages", done: done, total: packages.bytes))
            let document = try source.manifest(package.manifest)
            try check(package, try ImageManifest(parsing: document))
            pulled.fetched += try copy(document, from: &source, to: &layout)
            if withDetails, let details = package.details {
                pulled.fetched += try copy(try source.manifest(details), from: &source, to: &layout)
            }
            manifests[package.manifest] = document
            done += [package].bytes
        }
        try name(packages, manifests, in: &layout)
        try copyIndex(opened.known, from: &source, to: &layout)
        try layout.commit()
        return pulled
    }

    /// Compares what the registry has with what the index says.
    private static func check(_ package: RepositoryPackage, _ manifest: ImageManifest) throws(PackageRepositoryError) {
        let layers = manifest.layers.map(\.digest)
        guard manifest.artifactType == MediaType.package, layers == package.layer.map({ [$0] }) ?? [] else {
            throw PackageRepositoryError(
                .content, "reading", package.identity, cause: "its manifest is not what the index says",
                remedy: "Ask who publishes the repository.")
        }
    }

    /// Copies a document with all that it names.
    ///
    /// - Returns: how many blobs were fetched.
    private static func copy(
        _ document: ManifestDocument, from source: inout some BlobSource & ~Copyable, to layout: inout LayoutTarget
    ) throws -> Int {
        let manifest = try ImageManifest(parsing: document)
        var fetched = 0
        for blob in [manifest.config] + manifest.layers {
            if try layout.holds(blob) { continue }
            try layout.fetch(blob, from: &source)
            fetched += 1
        }
        _ = try layout.push(manifest: document.bytes, mediaType: document.mediaType, tag: nil)
        return fetched
    }

    /// Gives the packages their tags; what the layout has of other architectures stays under them.
    private static func name(
        _ packages: [RepositoryPackage], _ manifests: [Digest: ManifestDocument], in layout: inout LayoutTarget
    ) throws {
        for (tag, wanted) in try TagPlan.wanted(by: packages, beside: []).sorted(by: { $0.key < $1.key }) {
            let present = try TagDocument.present(tag, wanted: wanted, in: &layout)
            let content =
                switch TagDecision(wanted: wanted, present: present) {
                case .put(let content): content
                // The index is signed, and what was in the layout before is not.
                case .refuse, .keep: wanted
                }
            let document = try TagDocument.document(content) { try manifests[$0] ?? layout.manifest($0) }
            _ = try layout.push(manifest: document.bytes, mediaType: document.mediaType, tag: tag)
        }
    }

    /// Copies the index with its signatures, so that whoever reads the layout can check them.
    private static func copyIndex(
        _ known: KnownIndex, from source: inout some BlobSource & ~Copyable, to layout: inout LayoutTarget
    ) throws {
        let document = try source.manifest(known.digest)
        _ = try copy(document, from: &source, to: &layout)
        let signatureTag = SimpleSigning.tag(of: known.digest)
        if let signatures = try source.manifest(tag: signatureTag) {
            _ = try copy(signatures, from: &source, to: &layout)
            try layout.tag(signatures, as: signatureTag)
        }
        try layout.tag(document, as: RepositoryIndex.tag(revision: known.index.revision))
        try layout.tag(document, as: RepositoryIndex.newestTag)
    }
}
