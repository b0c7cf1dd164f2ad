package import ImageModel
package import RegistryModel

/// A manifest that is about another one, as a list of such describes it (distribution specification, "Listing Referrers").
package struct Referrer: Equatable, Sendable {
    /// What it is about.
    package let subject: Digest
    /// What the list says of it.
    package let entry: Descriptor

    /// Looks whether a manifest is about another one; nil when it is not.
    package init?(_ entry: Descriptor, _ manifest: ImageManifest) {
        guard let subject = manifest.subject?.digest else { return nil }
        self.subject = subject
        var described = Descriptor(mediaType: entry.mediaType, digest: entry.digest, size: entry.size)
        described.artifactType = manifest.artifactType ?? manifest.config.mediaType
        described.annotations = manifest.annotations
        self.entry = described
    }
}

extension ImageIndex {
    /// Lists the manifests that are about a document, in the order of their digests.
    ///
    /// - Parameter type: the only type that is listed; nil for all.
    package init(of referrers: some Sequence<Referrer>, about subject: Digest, type: String?) {
        let entries = referrers.filter { referrer in
            referrer.subject == subject && (type.map { referrer.entry.artifactType == $0 } ?? true)
        }
        self.init(manifests: entries.map(\.entry).sorted { $0.digest.hex < $1.digest.hex })
    }
}
