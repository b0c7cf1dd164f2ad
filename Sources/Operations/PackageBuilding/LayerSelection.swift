import LayerFolders
import LinuxSystem
import PackageModel
package import PackageRepositories
package import PackageSelection
package import PackageSpecs
import RepositoryPlanning
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

extension LayerSelection {
    /// What its files ask layers below for, each with file, line and column: without what the base of its image has.
    package var requests: [PlacedRequest] { specs.placedRequests(having: lock.basePackages(of: specs)) }

    /// What layers below have for it, beside the base of its image.
    package func offers(of opened: [RepositoryReader.Opened]) -> [PackageOffer] {
        PackageOffer.below(opened, having: lock.basePackages(of: specs))
    }
}

extension PackageOffer {
    /// What layers below have for a layer whose image lies on a base.
    ///
    /// What the base has is there in the base's version alone, so that what is built on it lies on what it was built on;
    /// where no layer has it any more, the base itself will do.
    static func below(_ opened: [RepositoryReader.Opened], having base: [PackageMetadata]) -> [PackageOffer] {
        let offers = opened.map { PackageOffer($0.known.index) }
        guard !base.isEmpty else { return offers }
        let versions = Dictionary(base.map { ($0.name, $0.version) }) { first, _ in first }
        let fitting = offers.map { offer in
            PackageOffer(
                offer.packages.filter { [nil, $0.metadata.version].contains(versions[$0.metadata.name]) },
                as: offer.name)
        }
        return fitting + [PackageOffer(base.map { .unpublished($0, places: [:]) }, as: "the base")]
    }
}

extension LayerSpecs {
    /// What the layer has itself, published or not.
    package var offer: PackageOffer {
        PackageOffer(packages.flatMap(\.offered), as: "\(layer.name) (not published)")
    }

    /// What its files ask layers below for, each with file, line and column.
    ///
    /// - Parameter base: what the base of the layer's image has.
    func placedRequests(having base: [PackageMetadata]) -> [PlacedRequest] {
        outsideRequests(having: base).map { PlacedRequest($0.value, from: "\($0.place)") }
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
