package import RegistryModel
package import SystemPackage

/// What `boatyard.yaml` says: the name of a layer, what lies below it, and where its packages go.
package struct LayerFile: Equatable, Sendable {
    /// The file's name in the layer's folder.
    package static let fileName: FilePath.Component = "boatyard.yaml"

    /// The layer's name: letters, digits, `.`, `_`, `-`.
    package var name = ""
    /// The layers below that have packages, topmost first: in this order they are searched.
    package var layers: [LowerLayer] = []
    /// Where the layers below have their images, of those that say it.
    package var images: [LowerImages] = []
    /// Where its packages are published, without tag and digest.
    package var repository: Located<SourceReference>?
    /// Where builds are looked for before they are made; the first one is written to when that is asked for.
    package var caches: [Located<SourceReference>] = []
    /// Values for all packages of the layer, by name.
    package var values: [String: SpecValue] = [:]
    /// Accounts with the numbers that they have in every base; no two have the same number.
    package var accounts: [String: UInt32] = [:]
    /// The variables of the environment that the file used.
    package var environmentUses: [EnvironmentUse] = []

    /// A layer that nothing is said about.
    package init() {}

    /// The keys of the layers below, each once.
    package var lowerKeys: [FilePath] {
        (layers.map(\.key) + images.map(\.key)).reduce(into: []) { keys, key in
            if !keys.contains(key) { keys.append(key) }
        }
    }
}

/// The packages of a layer below, as they were published.
package struct LowerLayer: Equatable, Sendable {
    /// Its name.
    package var name: String
    /// Its repository, without tag and digest.
    package var repository: SourceReference
    /// The revision of the repository's index that is taken; nil leaves it to the lock file.
    package var snapshot: Int64?
    /// The public key that its index is signed with; a relative path is below the layer's folder.
    package var key: FilePath
    /// Where it was written.
    package var place: SpecPlace

    /// Describes a layer.
    package init(_ name: String, _ repository: SourceReference, snapshot: Int64?, key: FilePath, place: SpecPlace) {
        self.name = name
        self.repository = repository
        self.snapshot = snapshot
        self.key = key
        self.place = place
    }
}

/// The images of a layer below, as they were published.
package struct LowerImages: Equatable, Sendable {
    /// The layer's name.
    package var name: String
    /// Where they are, without tag and digest: each under a tag that is its version.
    package var reference: SourceReference
    /// The public key that they are signed with; a relative path is below the layer's folder.
    package var key: FilePath
    /// Where it was written.
    package var place: SpecPlace

    /// Describes the images of a layer.
    package init(_ name: String, _ reference: SourceReference, key: FilePath, place: SpecPlace) {
        self.name = name
        self.reference = reference
        self.key = key
        self.place = place
    }
}
