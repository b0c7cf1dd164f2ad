import BuildPlanning
import PackageSpecs
import RegistryModel

// What containers start from.
extension ContainerMaker {
    /// What a build lies on: an image with packages, and the accounts of the layer.
    ///
    /// - Throws: `PackageBuildError` for an image that is not locked; `PackageTreesError` for packages that cannot be in one
    ///   tree; the errors of sources.
    func composition(_ order: BuildOrder) throws -> BaseComposition {
        guard case .layers(let image, _)? = order.package.build?.base else { return BaseComposition(nil) }
        let base = try image.map { try self.image($0.value, $0.place, order.surroundings) }
        return try composition(base, order.base, order.surroundings)
    }

    /// An image with packages on it, and with the accounts of the layer.
    ///
    /// - Throws: as with an order.
    func composition(
        _ image: BaseImage?, _ packages: [BasePart], _ surroundings: BuildSurroundings
    ) throws -> BaseComposition {
        for part in packages { try images.fetch(part) }
        var composition = try BaseJoin(cache, epoch: surroundings.epoch).composition(image, packages)
        try BaseAccounts(surroundings, cache).add(to: &composition)
        return composition
    }

    /// An image that a file names, by the digest that is locked for it.
    ///
    /// - Throws: `PackageBuildError` when none is; the errors of the source.
    func image(
        _ reference: SourceReference, _ place: SpecPlace, _ surroundings: BuildSurroundings
    ) throws -> BaseImage {
        guard let digest = surroundings.images["\(reference)"] else {
            throw PackageBuildError.notLocked("the image", "\(reference)", place)
        }
        return try images.image(reference, digest) { _ in }
    }
}
