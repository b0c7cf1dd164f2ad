package import DiskContract
package import GrubEnvironment
package import ImageModel

/// An image's folder as it is found on a store: a fact, no handle.
package struct StoredImage: Equatable, Sendable {
    /// The image, by the name of its folder.
    package var id: ImageID
    /// The store.
    package var store: Store
    /// Its manifest; nil when it cannot be read or is another image's.
    package var manifest: Manifest?
    /// Whether a key that counts here signed the manifest; else it is good for names and sizes only.
    package var isTrusted = false
    /// What is wrong with the files that GRUB loads, one line each; GRUB passes over an image that has any.
    package var bootFaults: [String] = []
    /// What is wrong besides: the manifest, its signature, the root file.
    package var otherFaults: [String] = []

    /// Describes a folder that nothing is known of yet.
    package init(id: ImageID, store: Store) {
        self.id = id
        self.store = store
    }

    /// Name and version, such as `debian 12.5`; nil when the manifest cannot be read.
    package var title: String? { manifest.map { "\($0.name) \($0.version)" } }
    /// Everything wrong, one line each.
    package var faults: [String] { bootFaults + otherFaults }
    /// Whether it can be trusted and nothing is known to be wrong.
    package var isWhole: Bool { isTrusted && faults.isEmpty }

    /// The image as the rebuilding of a boot environment takes it.
    package var found: FoundImage {
        FoundImage(
            id: id, place: store, sequence: manifest?.sequence ?? 0, createdAt: manifest?.createdAt.seconds ?? 0)
    }
}
