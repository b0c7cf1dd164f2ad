package import PackageModel

/// A package that an image can have: as a repository has it, or as the files of a layer describe it before it is published.
package enum OfferedPackage: Equatable, Sendable {
    /// It is in a repository.
    case published(RepositoryPackage)
    /// It is in no repository yet: there are no bytes of it to fetch.
    ///
    /// - places: where the files of the layer say that it requires something, as `packages/tide/package.yaml:6:12`.
    case unpublished(PackageMetadata, places: [PackageRequest: String])

    /// What it says of itself.
    package var metadata: PackageMetadata {
        switch self {
        case .published(let package): package.metadata
        case .unpublished(let metadata, _): metadata
        }
    }

    /// Where it is written that it requires something; nil when nobody knows.
    func place(of need: PackageRequest) -> String? {
        if case .unpublished(_, let places) = self { places[need] } else { nil }
    }

    /// How its repository has it; nil for one that nobody has published.
    package var published: RepositoryPackage? {
        if case .published(let package) = self { package } else { nil }
    }
}

/// What there is to choose from in one place: a repository, or the folder of a layer.
package struct PackageOffer: Sendable {
    /// What people are told that a package comes from.
    package var name: String
    /// The packages; their order makes no difference.
    package var packages: [OfferedPackage]

    /// Offers what a repository has.
    package init(_ index: RepositoryIndex) {
        name = index.name
        packages = index.packages.map { .published($0) }
    }

    /// Offers packages under a name.
    package init(_ packages: [OfferedPackage], as name: String) {
        self.name = name
        self.packages = packages
    }
}
