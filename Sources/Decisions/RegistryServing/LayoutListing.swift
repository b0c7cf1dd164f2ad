package import ImageModel
import JSONText
package import RegistryModel

/// What the index of a layout offers under which names.
package struct LayoutListing: Sendable {
    /// The documents by their tags.
    package let tags: [String: Descriptor]
    /// The documents by their digests.
    package let documents: [Digest: Descriptor]

    /// Reads the names of an index.
    ///
    /// Some programs write a whole reference where the tag belongs; what follows its last colon is the tag then. A name of
    /// several documents is none's. A layout with one document that has no name offers that as `latest`.
    package init(_ index: ImageIndex) {
        var named: [String: Set<Digest>] = [:]
        var qualified: [String: Set<Digest>] = [:]
        var documents: [Digest: Descriptor] = [:]
        for entry in index.manifests {
            if documents[entry.digest] == nil { documents[entry.digest] = entry }
            guard let name = entry.annotations[MediaType.layoutName] else { continue }
            if ImageReference.isTag(name) {
                named[name, default: []].insert(entry.digest)
            } else if let colon = name.lastIndex(of: ":"),
                ImageReference.isTag(String(name[name.index(after: colon)...]))
            {
                qualified[String(name[name.index(after: colon)...]), default: []].insert(entry.digest)
            }
        }
        let names = named.merging(qualified) { exact, _ in exact }
        var tags = names.compactMapValues { digests in
            digests.count == 1 ? digests.first.flatMap { documents[$0] } : nil
        }
        if names.isEmpty, documents.count == 1 { tags[ImageReference.defaultTag] = documents.values.first }
        self.tags = tags
        self.documents = documents
    }

    /// The manifests that may be about another one; a list of manifests never is here.
    package var manifests: [Descriptor] {
        documents.values.filter { MediaType.manifests.contains($0.mediaType) }
    }

    /// The kind of a document that no index describes, as it says itself or shows by its members; nil for what is none.
    package static func mediaType(of document: [UInt8]) -> String? {
        guard let object = (try? JSONValue(parsing: document))?.object else { return nil }
        if let stated = object["mediaType"]?.text {
            return (MediaType.manifests + MediaType.indices).contains(stated) ? stated : nil
        }
        switch (object["manifests"] != nil, object["config"] != nil) {
        case (true, false): return MediaType.index
        case (false, true): return MediaType.manifest
        // One that could be read in two ways is neither (CVE-2021-41190).
        default: return nil
        }
    }
}
