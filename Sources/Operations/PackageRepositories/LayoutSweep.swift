import ImageModel
import PackageModel
package import RegistryAccess
import RegistryModel
import RepositoryPlanning

// A registry collects its garbage by itself; in a layout that is ours to do.
extension RepositoryPruner {
    /// Removes the blobs of a layout that nothing in it names any more.
    ///
    /// - Returns: the bytes that are free now.
    /// - Throws: as the layout; nothing is removed unless all that is named could be read.
    package func sweep(_ layout: inout LayoutTarget) throws -> Int64 {
        var named: Set<Digest> = []
        for tag in try layout.tags() {
            guard let document = try layout.manifest(tag: tag) else { continue }
            try Self.collect(document, in: &layout, &named)
        }
        return try layout.sweep(keeping: named)
    }

    /// Notes all that a document consists of, and the documents that it names.
    private static func collect(
        _ document: ManifestDocument, in layout: inout LayoutTarget, _ named: inout Set<Digest>
    ) throws {
        guard named.insert(document.digest).inserted else { return }
        switch try RegistryDocument(parsing: document) {
        case .index(let list):
            for entry in list.manifests { try collect(try layout.manifest(entry.digest), in: &layout, &named) }
        case .manifest(let manifest):
            named.formUnion(([manifest.config] + manifest.layers).map(\.digest))
            guard manifest.artifactType == MediaType.repository else { return }
            let known = try RepositoryArtifact.read(document, from: &layout, keys: nil).known
            for package in known.index.packages {
                // A layout that was pulled need not have all that its index names.
                for digest in [package.manifest, package.details].compactMap({ $0 })
                where try layout.hasManifest(digest) {
                    try collect(try layout.manifest(digest), in: &layout, &named)
                }
            }
        }
    }
}
