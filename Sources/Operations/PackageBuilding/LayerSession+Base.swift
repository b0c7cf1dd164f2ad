import BuildPlanning
import ImageModel
import PackageModel
import PackageSpecs
import RegistryModel

// What the image of a layer lies on.
extension LayerSession {
    /// The container image that the layer's image lies on: of a layer below, the one that the lock has; nil for none.
    ///
    /// - Throws: `PackageBuildError` for a layer whose image is not locked.
    var base: Located<SourceReference>? {
        get throws {
            switch specs.derivative?.base {
            case nil: return nil
            case .image(let image): return image
            case .layer(let wish):
                guard lock.baseDifferences(specs).isEmpty, let base = lock.base, let images = specs.lowerBase?.images
                else { throw PackageBuildError.notLocked("the base", "\(wish.value)", wish.place) }
                return Located(try choice.repositories.reference(base.manifest, in: images.reference), at: wish.place)
            }
        }
    }

    /// The packages that the base of the layer's image says it has, with all that it says of them.
    ///
    /// - Throws: as `base` and `BaseImages.packages`.
    var baseList: PackageList {
        get throws {
            guard let base = try lockedBase else { return PackageList([]) }
            return try images.packages(of: base.reference, base.digest, architecture: Self.architecture)
        }
    }

    /// The layers of the image that the layer's image lies on; empty without one, nil when not all of them are here.
    ///
    /// - Throws: as `baseList`.
    var baseLayers: [Digest]? {
        get throws {
            guard let base = try lockedBase else { return [] }
            let manifest = try images.manifest(base.reference, base.digest, architecture: Self.architecture)
            let layers = try images.documents(base.reference, manifest).manifest.layers.map(\.digest)
            return try layers.allSatisfy { try cache.has($0) } ? layers : nil
        }
    }

    /// Brings the layers of the image's base, and of packages of it that were built elsewhere, into the cache.
    ///
    /// - Throws: as `BaseImages.image`.
    func fetch(_ packages: [PackageMetadata]) throws {
        if let base = try lockedBase {
            let manifest = try images.manifest(base.reference, base.digest, architecture: Self.architecture)
            _ = try images.image(base.reference, manifest) { _ in }
        }
        let wanted = Set(packages.map(\.identity))
        for package in try published() where wanted.contains(package.metadata.identity) {
            _ = try images.image(package.reference, package.manifest) { _ in }
        }
    }

    private var lockedBase: (reference: SourceReference, digest: Digest)? {
        get throws {
            guard let base = try base?.value, let digest = base.digest ?? lock.images["\(base)"] else { return nil }
            return (base, digest)
        }
    }
}
