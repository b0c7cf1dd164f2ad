import Faults
import ImageModel
import PackageTrees
import RegistryModel
import TreeModel

/// What the twin of an image consists of, as far as packages that are laid on it were built on parts of it.
struct TwinParts {
    /// What the twin as a whole is called among packages.
    static let name = "the base"

    /// A package in the twin.
    struct Ancestor: Equatable {
        /// The package's name.
        var name: String
        /// The digest of its layer, which is one of the twin's.
        var layer: Digest
        /// What it was built on.
        var builtOn: Set<String>
    }

    /// The packages in it that others were built on, lowest first.
    let ancestors: [Ancestor]
    /// The names of all packages in it.
    let names: Set<String>
    private let digest: String

    /// Takes those of an image that packages on it were built on.
    init(_ image: BaseImage, below parts: [BasePart]) {
        let layers = Set(image.layers.map(\.digest))
        let wanted = parts.reduce(into: Set<String>()) { $0.formUnion($1.builtOn) }
        names = Set(image.packages.packages.map(\.name))
        digest = image.manifest.registryText
        ancestors = image.packages.packages.compactMap { package in
            guard wanted.contains(package.name), let layer = package.digest, layers.contains(layer) else { return nil }
            return Ancestor(name: package.name, layer: layer, builtOn: Set(package.builtOn))
        }
    }

    /// The package as it is joined: what was built on the whole twin was built on all that is in it.
    func placed(_ package: JoinedPackage) -> JoinedPackage {
        guard package.builtOn.contains(digest) else { return package }
        var package = package
        package.builtOn.formUnion(names.union([Self.name]))
        return package
    }

    /// Refuses a package that changes shared state of something that is not in the twin.
    ///
    /// - Throws: `PackageTreesError`.
    func check(_ part: BasePart, _ package: JoinedPackage) throws(PackageTreesError) {
        let known = Set(ancestors.map(\.name) + [digest])
        guard part.builtOn.isDisjoint(with: known),
            let state = package.artefact.listing.entries.first(where: { $0.isRegular && SharedState.isShared($0.path) })
        else { return }
        let hidden = part.builtOn.intersection(names).sorted()
        throw PackageTreesError(
            .state, "laying \(package.who) on the base", state.path.absolute,
            cause: hidden.isEmpty
                ? "it was built on nothing that is in the base, so that nobody can tell what of this file is its own"
                : "it was built on \(hidden.joined(separator: ", ")), whose layer is not in the base any more",
            remedy: hidden.isEmpty
                ? "Build it on packages of the base, with 'from: {packages: […]}', or leave the file out with 'artefact.exclude'."
                : "Take the twin as it was published, with its layers, and not one that was squashed.")
    }
}
