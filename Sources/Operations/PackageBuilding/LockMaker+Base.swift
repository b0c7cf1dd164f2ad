import ImageAssembly
import ImageModel
import PackageModel
import PackageSpecs
import RegistryModel

// What the layer's image lies on: found once, with what it has, and then taken by digest.
extension LockMaker {
    /// Notes the base, and the packages that it says it has; what is noted and fits stays, and then nobody is asked.
    ///
    /// - Returns: what changed, a line each.
    /// - Throws: as `TwinSearch.find`; the errors of sources and of a key that cannot be read.
    func lockBase(_ specs: LayerSpecs, from old: LockFile, in lock: inout LockFile) throws -> [String] {
        lock.base = old.base
        let isFitting = lock.base != nil && lock.baseDifferences(specs).isEmpty
        lock.base = nil
        switch specs.derivative?.base {
        case nil: return []
        case .image(let image):
            // What an image has follows from its digest, which is looked at again with the images.
            lock.base = try isFitting ? old.base : base(image.value, lock)
            return []
        case .layer(let wish):
            guard let images = specs.lowerBase?.images else { return [] }
            let isNamed = !isKept(wish.value.name) || !isKept("\(images.reference)")
            guard !isFitting || isNamed else {
                lock.base = old.base
                return []
            }
            let base = try base(wish.value, images)
            lock.base = base
            return base == old.base
                ? [] : ["\(wish.value.name) is \(base.version.map { "\($0), " } ?? "")\(base.manifest.registryText)"]
        }
    }

    private func base(_ image: SourceReference, _ lock: LockFile) throws -> LockedBase? {
        guard let digest = image.digest ?? lock.images["\(image)"] else { return nil }
        var base = LockedBase("\(image)", manifest: digest)
        base.packages = try packages(of: image, digest)
        return base
    }

    private func base(_ wish: BaseLayer, _ images: LowerImages) throws -> LockedBase {
        let found = try repositories.twins(of: images).find(wish, architecture: ImageArchitecture.host)
        var base = LockedBase(
            "\(images.reference)", layer: wish.name, version: found.version, manifest: found.index)
        base.packages = try packages(
            of: repositories.reference(found.index, in: images.reference), found.index)
        return base
    }

    private func packages(of image: SourceReference, _ digest: Digest) throws -> [PackageMetadata] {
        try images.packages(of: image, digest, architecture: ImageArchitecture.host).packages.map { entry in
            var package = PackageMetadata(
                try PackageName(parsing: entry.name), try PackageVersion(parsing: entry.version), architecture: "all")
            package.provides = try entry.provides.map { try PackageRequest(parsing: $0) }
            package.conflicts = try entry.conflicts.map { try PackageRequest(parsing: $0) }
            return package
        }
    }
}
