package import RegistryModel
package import SystemPackage

/// What `boatyard.yaml` says: the name of a layer, what lies below it, and where its packages go.
package struct LayerFile: Equatable, Sendable {
    /// The file's name in the layer's folder.
    package static let fileName: FilePath.Component = "boatyard.yaml"

    /// The layer's name: letters, digits, `.`, `_`, `-`.
    package var name = ""
    /// The layers below, topmost first: in this order they are searched.
    package var layers: [LowerLayer] = []
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
}

/// A layer below, as it was published.
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
