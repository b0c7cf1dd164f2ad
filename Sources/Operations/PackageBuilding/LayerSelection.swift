import LayerFolders
import LinuxSystem
import PackageModel
package import PackageRepositories
package import PackageSelection
package import PackageSpecs
package import SystemPackage

/// A layer to choose packages for: what its files ask for, and what it and the layers below have.
package struct LayerSelection: Sendable {
    /// What its files say.
    package let specs: LayerSpecs
    /// What is odd in them, a sentence each.
    package let notes: [String]
    private let lock: LockFile

    /// Whether there is a layer in a folder.
    ///
    /// - Throws: `SystemError`.
    package static func isLayer(_ folder: FilePath) throws -> Bool {
        try FileStatus.of(folder.appending(LayerFile.fileName)) != nil
    }

    /// Reads a layer and its lock.
    ///
    /// - Throws: `SpecError` for what is wrong in its files.
    package init(_ choice: LayerChoice, environment: [String: String]) throws {
        let folder = LayerFolder(choice.folder)
        let reading = try folder.read(choice.request(environment))
        specs = try reading.specs()
        notes = reading.notes
        lock = try folder.lock() ?? LockFile()
    }

    /// Opens the repositories of the layers below, topmost first: those that the lock names, if it does.
    ///
    /// - Throws: as `LayerRepositories.open`.
    package func below(_ repositories: LayerRepositories) throws -> [RepositoryReader.Opened] {
        try specs.layer.layers.map { try repositories.open($0, locked: lock.repository(of: $0)) }
    }
}

extension LayerSpecs {
    /// What the layer has itself, published or not.
    package var offer: PackageOffer {
        PackageOffer(packages.flatMap(\.offered), as: "\(layer.name) (not published)")
    }

    /// What its files ask layers below for, each with file, line and column.
    package var placedRequests: [PlacedRequest] {
        outsideRequests.map { PlacedRequest($0.value, from: "\($0.place)") }
    }
}

extension PackageSpec {
    /// What comes out of its build, with the places of what that requires.
    fileprivate var offered: [OfferedPackage] {
        [OfferedPackage.unpublished(metadata, places: Self.places(requires))]
            + splits.map { .unpublished(metadata(of: $0), places: Self.places($0.requires)) }
    }

    private static func places(_ requests: [Located<PackageRequest>]) -> [PackageRequest: String] {
        Dictionary(requests.map { ($0.value, "\($0.place)") }, uniquingKeysWith: { one, _ in one })
    }
}

extension LockFile {
    /// The index that is noted for a layer; nil when there is none, or its file asks for another.
    func repository(of layer: LowerLayer) -> LockedRepository? {
        let locked = repositories["\(layer.repository)"]
        return layer.snapshot.map { $0 == locked?.revision } ?? true ? locked : nil
    }
}
