import BuildPlanning
package import ImageModel
import PackageModel
import PackageSpecs
package import RegistryModel

// What an image says of what it is made of.
extension LayerImage {
    /// What its base is called, and the digest that it is locked to; nil for an image of packages alone.
    package var base: (reference: SourceReference, version: String?, digest: Digest)? {
        switch derivative?.base {
        case nil: nil
        case .image(let image):
            (image.value.digest ?? session.lock.images["\(image.value)"]).map { (image.value, nil, $0) }
        case .layer:
            session.specs.lowerBase.flatMap { lower in
                session.lock.base.map { (lower.images.reference, $0.version?.description, $0.manifest) }
            }
        }
    }

    /// What the image has to say of the packages that are laid on its base; nil while nothing is fetched that it takes.
    func list(_ packages: [PackageMetadata], _ summary: BuildSummary) throws -> PackageList? {
        if !isDry { try session.fetch(packages) }
        let layers = packages.map { summary.outputs[$0.identity]?.layer }
        guard let contents = try PackageContents(session.cache).names(of: layers, on: session.baseLayers) else {
            return nil
        }
        return PackageList(
            zip(packages, zip(layers, contents)).map { package, parts in
                var entry = PackageList.Entry(
                    "\(package.name)", "\(package.version)", digest: parts.0, license: package.license,
                    contents: parts.1)
                entry.provides = package.provides.map(\.description)
                entry.conflicts = package.conflicts.map(\.description)
                entry.builtOn = package.builtOn
                return entry
            })
    }
}
