import Archives
package import Cryptography
import Faults
package import ImageModel
package import PackageModel
package import RegistryAccess
package import RegistryModel
package import RepositoryPlanning

/// The index of a repository as an artifact: `index.json.zst`, and `index.sig` over it in the format of `manifest.sig`.
///
/// The signatures are over the compressed bytes, so that nothing is decompressed that nobody vouches for.
package enum RepositoryArtifact {
    /// What kind of artifact it is.
    package static let kind = SignedArtifact(
        type: MediaType.repository, documentType: MediaType.repositoryIndex, documentTitle: "index.json.zst",
        signatureTitle: "index.sig", maximumLength: RepositoryIndex.sizeLimit, name: "repository",
        remedy: "Name a repository that 'boatyard repository publish' or 'create' made.")

    /// Makes the parts of an index that nobody signs: of a layout that is still to be published.
    ///
    /// - Throws: `ArchiveError` and `CryptographyError`.
    package static func parts(of index: RepositoryIndex) throws -> SignedParts {
        try kind.parts(
            of: try Compression.zstd(index.serialized()), signatures: [],
            annotations: IndexLink.annotations(of: index))
    }

    /// Makes the parts of a signed index.
    ///
    /// - Throws: `ArchiveError` and `CryptographyError`.
    package static func parts(of index: RepositoryIndex, signedWith key: borrowing SigningKey) throws -> SignedParts {
        let document = try Compression.zstd(index.serialized())
        return try kind.parts(
            of: document, signatures: [try key.sign(document)], annotations: IndexLink.annotations(of: index),
            holdsSignatures: true)
    }

    /// Reads the index that a tag or digest resolved to, once its signature is known to be good.
    ///
    /// - Parameter keys: whose signature counts; nil for an index that nobody needs to have signed.
    /// - Returns: the index, and the name of the key that signed it.
    /// - Throws: `PackageRepositoryError` (`unsigned`, `untrusted`, `content`); `RegistryError` for what is no repository;
    ///   `RegistryModelError` or `ArchiveError` for an index that is malformed.
    package static func read(
        _ top: ManifestDocument, from source: inout some BlobSource & ~Copyable, keys: [TrustedKey]?
    ) throws -> (known: KnownIndex, signer: String?) {
        let (bytes, verdict) = try kind.read(top, from: &source, check: keys.map { SignatureCheck(keys: $0) })
        let signer = try keys.map { _ in try Self.signer(verdict) }
        let index = try RepositoryIndex(
            parsing: try Decompression.bytes(of: bytes, limit: RepositoryIndex.sizeLimit))
        let link = IndexLink(annotations: try kind.artifact(top).annotations)
        guard link == IndexLink(index) else {
            throw PackageRepositoryError(
                .content, "reading the repository", index.name,
                cause: "the manifest of its index does not say what the index says",
                remedy: "Ask who publishes it.")
        }
        return (KnownIndex(top.digest, index), signer)
    }

    private static func signer(_ verdict: SignatureVerdict) throws(PackageRepositoryError) -> String {
        let operation = "reading the repository"
        let remedy = "Name the public key of who publishes it with --key."
        switch verdict {
        case .signed(let key): return key
        case .unsigned:
            throw PackageRepositoryError(
                .unsigned, operation, "", cause: "its index has no signature", remedy: "Ask who publishes it.")
        case .untrusted(let reasons):
            throw PackageRepositoryError(
                .untrusted, operation, "", cause: reasons.joined(separator: "; "), remedy: remedy)
        case .unread(let forms):
            throw PackageRepositoryError(
                .untrusted, operation, "",
                cause: "it is signed in a form that is not read: \(forms.joined(separator: ", "))",
                remedy: remedy)
        }
    }

    /// Looks whether an index is in the history of another, which counts as part of its own.
    ///
    /// - Parameter link: what the first one says of its place, when that is known.
    /// - Throws: as the source; a manifest that is gone ends the search there.
    package static func search(
        for goal: Digest, revision: Int64, from start: Digest, link: IndexLink? = nil,
        in source: inout some BlobSource & ~Copyable
    ) throws -> AncestorSearch.Finding {
        var search = AncestorSearch(from: start, for: goal, revision: revision)
        var known = link
        while let digest = search.next() {
            search.take(try known ?? Self.link(digest, in: &source))
            known = nil
        }
        return search.finding
    }

    private static func link(
        _ digest: Digest, in source: inout some BlobSource & ~Copyable
    ) throws -> IndexLink? {
        do {
            return IndexLink(annotations: try kind.artifact(try source.manifest(digest)).annotations)
        } catch let error as RegistryError where error.kind == .notFound {
            return nil
        }
    }
}
