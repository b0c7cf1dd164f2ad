import DocumentTree
import RegistryModel
import SystemPackage

/// An entry of `layers`: what a layer below has published.
struct LowerEntry: Sendable {
    /// Its packages; nil for a layer of which only images are taken.
    var packages: LowerLayer?
    /// Its images; nil for a layer of which only packages are taken.
    var images: LowerImages?

    fileprivate let name: String
    fileprivate let mark: DocumentMark
}

/// An entry of `layers` as it is written.
private struct LowerEntryKeys: Sendable {
    var name = ""
    var repository: SourceReference?
    var images: SourceReference?
    var snapshot: Int?
    var key: FilePath = ""

    static let table = DocumentTable<LowerEntryKeys>(
        "a layer",
        [
            DocumentKey("name", .word, required: true, "Its name.") { $0.name = $1 },
            DocumentKey(
                "repository", .repository,
                "Its repository of packages, without a tag. A layer needs this key or `images`."
            ) { $0.repository = $1 },
            DocumentKey(
                "snapshot", .integer(1...Int(Int32.max)),
                "The revision of its index that is taken. Without this key the lock file says it."
            ) { $0.snapshot = $1 },
            DocumentKey(
                "images", .repository,
                """
                Where its images are, without a tag: `base: {layer: …}` takes the twin that `boatyard image publish \
                --with-container` has put there under a tag that is the image's version.
                """
            ) { $0.images = $1 },
            DocumentKey(
                "key", .anyPath, required: true,
                "The public key that its index and its images are signed with; a relative path is below this file's folder."
            ) { $0.key = $1 },
        ])

    func entry(_ file: FilePath, at mark: DocumentMark) throws(DocumentError) -> LowerEntry {
        guard repository ?? images != nil else {
            throw DocumentError(at: mark, "a layer needs its repository, or its images")
        }
        guard snapshot == nil || repository != nil else {
            throw DocumentError(at: mark, "'snapshot' needs 'repository'")
        }
        let place = SpecPlace(file, mark)
        var entry = LowerEntry(name: name, mark: mark)
        entry.packages = repository.map {
            LowerLayer(name, $0, snapshot: snapshot.map(Int64.init), key: key, place: place)
        }
        entry.images = images.map { LowerImages(name, $0, key: key, place: place) }
        return entry
    }
}

extension DocumentValue where Value == [LowerEntry] {
    /// The key `layers`; no two have one name.
    static func lowerLayers(_ file: FilePath) -> Self {
        let list: Self = LowerEntryKeys.table.elements(from: LowerEntryKeys(), limit: SpecLimits.variants) {
            (keys, node) throws(DocumentError) in try keys.entry(file, at: node.mark)
        }
        return Self(list.shape) { (node, name) throws(DocumentError) in
            let layers = try list.read(node, name)
            var names: Set<String> = []
            for layer in layers where !names.insert(layer.name).inserted {
                throw DocumentError(at: layer.mark, "two layers are called \(layer.name)")
            }
            return layers
        }
    }
}
