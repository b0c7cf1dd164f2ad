import Faults
import ImageModel
import LinuxSystem
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage

/// Brings packages from a layout to a registry: blobs first, then manifests, then tags.
struct PackageTransfer: ~Copyable {
    /// Blobs up to this size are sent without asking whether they are there, in bytes: the question costs as much.
    private static let smallBlob = 64 << 10

    private var layout: LayoutTarget
    /// The tags that are known to name what they should.
    private var settledTags: Set<String> = []
    /// The blobs that were stored or found.
    private var settledBlobs: Set<Digest> = []

    /// Takes the layout with the packages.
    init(from layout: consuming LayoutTarget) { self.layout = layout }

    /// Brings what is missing of packages, and their tags.
    ///
    /// - Parameter index: what else will be in the index, for tags of several architectures.
    /// - Throws: `RepositoryPlanningError` when a tag names another package; as layout and target.
    mutating func push(
        _ packages: [RepositoryPackage], beside index: [RepositoryPackage],
        to target: inout some RepositoryTarget & ~Copyable, report: (TransferProgress) -> Void
    ) throws {
        let tags = try TagPlan.wanted(by: packages, beside: index)
        let byDigest = Dictionary(packages.map { ($0.manifest, $0) }, uniquingKeysWith: { one, _ in one })
        var done = 0
        for (tag, wanted) in tags.sorted(by: { $0.key < $1.key }) where !settledTags.contains(tag) {
            let own = wanted.manifests.values.compactMap { byDigest[$0] }
            report(TransferProgress("publishing packages", done: done, total: packages.bytes))
            done += own.bytes
            let present = try TagDocument.present(tag, wanted: wanted, in: &target)
            switch TagDecision(wanted: wanted, present: present) {
            case .keep: break
            case .refuse(let architecture, let digest):
                let package = own.first { $0.metadata.architecture == architecture } ?? own.first
                if let package { throw IndexMerge.clash(package, digest) }
            case .put(let content): try put(content, tag, own, to: &target)
            }
            settledTags.insert(tag)
        }
    }

    /// Brings packages whatever was there before: something of them went missing.
    mutating func restore(
        _ packages: [RepositoryPackage], beside index: [RepositoryPackage],
        to target: inout some RepositoryTarget & ~Copyable
    ) throws {
        settledBlobs = []
        for (tag, wanted) in try TagPlan.wanted(by: packages, beside: index) {
            try put(wanted, tag, packages.filter { wanted.manifests.values.contains($0.manifest) }, to: &target)
        }
    }

    private mutating func put(
        _ content: TagContent, _ tag: String, _ own: [RepositoryPackage],
        to target: inout some RepositoryTarget & ~Copyable
    ) throws {
        for package in own {
            let document = try pushBlobs(of: package.manifest, to: &target)
            if let details = package.details {
                let document = try pushBlobs(of: details, to: &target)
                _ = try target.push(manifest: document.bytes, mediaType: document.mediaType, tag: nil)
            }
            guard content.manifests.count > 1 else { continue }
            _ = try target.push(manifest: document.bytes, mediaType: document.mediaType, tag: nil)
        }
        let names = Set(own.map(\.manifest))
        let document = try TagDocument.document(content) { digest in
            names.contains(digest) ? try layout.manifest(digest) : try target.manifest(digest)
        }
        _ = try target.push(manifest: document.bytes, mediaType: document.mediaType, tag: tag)
    }

    /// Brings config and layers of a manifest; the manifest itself is the caller's.
    private mutating func pushBlobs(
        of digest: Digest, to target: inout some RepositoryTarget & ~Copyable
    ) throws -> ManifestDocument {
        let document = try layout.manifest(digest)
        let manifest = try ImageManifest(parsing: document)
        for blob in manifest.layers + [manifest.config] where settledBlobs.insert(blob.digest).inserted {
            guard let path = try layout.path(of: blob.digest) else {
                throw PackageRepositoryError(
                    .layout, "reading", blob.digest.registryText, cause: "the layout does not have it",
                    remedy: "Make the layout again with 'boatyard repository create'.")
            }
            if blob.size <= Self.smallBlob, blob.mediaType != MediaType.empty {
                try target.pushNew(blob, .file(path))
            } else {
                _ = try target.push(blob, .file(path))
            }
        }
        return document
    }

    /// The packages of which the target lacks what the index will name.
    ///
    /// - Throws: as the target.
    static func missing(
        _ packages: [RepositoryPackage], in target: inout some RepositoryTarget & ~Copyable
    ) throws -> [RepositoryPackage] {
        var missing: [RepositoryPackage] = []
        for package in packages where try !isWhole(package, in: &target) { missing.append(package) }
        return missing
    }

    private static func isWhole(
        _ package: RepositoryPackage, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> Bool {
        guard try target.hasManifest(package.manifest) else { return false }
        if let details = package.details, try !target.hasManifest(details) { return false }
        guard let layer = package.layer else { return true }
        return try target.hasBlob(self.layer(layer, of: package))
    }

    /// The layer of a package as the index knows it.
    static func layer(_ digest: Digest, of package: RepositoryPackage) -> Descriptor {
        Descriptor(mediaType: MediaType.layer, digest: digest, size: Int(clamping: package.size))
    }
}

extension [RepositoryPackage] {
    /// The bytes of their layers.
    var bytes: Int { Int(clamping: reduce(Int64(0)) { $0.addingReportingOverflow($1.size).partialValue }) }
}
