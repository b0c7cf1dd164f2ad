package import ImageModel
package import PackageModel
package import RegistryModel

extension LockFile {
    /// In what this lock and the files of its layer do not agree: what a build lacks first, then what nothing uses.
    ///
    /// An image that its reference pins by digest needs no entry, and packages only when there is a layer below.
    package func differences(from specs: LayerSpecs) -> [LockDifference] {
        let found =
            imageDifferences(specs) + baseDifferences(specs) + fetchDifferences(specs) + repositoryDifferences(specs)
            + variableDifferences(specs)
            + LockedPackages(packages, specs, having: basePackages(of: specs)).differences
        return found.filter(\.isStale) + found.filter { !$0.isStale }
    }

    private func imageDifferences(_ specs: LayerSpecs) -> [LockDifference] {
        compare(.image, specs.images.map { ("\($0.value)", $0.place) }, locked: images.keys) { _ in nil }
    }

    private func fetchDifferences(_ specs: LayerSpecs) -> [LockDifference] {
        var digests: [String: Set<Digest>] = [:]
        let fetches = specs.packages.flatMap { $0.build?.fetches ?? [] }
        for fetch in fetches { if let digest = fetch.digest { digests[fetch.url, default: []].insert(digest) } }
        return compare(.fetch, fetches.map { ($0.url, $0.place) }, locked: self.fetches.keys) { url in
            guard let locked = self.fetches[url]?.digest, digests[url].map({ $0 != [locked] }) == true else {
                return nil
            }
            return "the SHA-256 \(locked.hex)"
        }
    }

    private func repositoryDifferences(_ specs: LayerSpecs) -> [LockDifference] {
        let layers = specs.layer.layers
        let snapshots = Dictionary(layers.map { ("\($0.repository)", $0.snapshot) }) { first, _ in first }
        return compare(
            .repository, layers.map { ("\($0.repository)", $0.place) }, locked: repositories.keys
        ) { reference in
            guard let revision = repositories[reference]?.revision, let asked = snapshots[reference] ?? nil,
                asked != revision
            else { return nil }
            return "revision \(revision), and snapshot \(asked) is asked for"
        }
    }

    private func variableDifferences(_ specs: LayerSpecs) -> [LockDifference] {
        compare(.variable, specs.environmentUses.map { ($0.name, $0.place) }, locked: environment) { _ in nil }
    }

    /// Compares names that are used with those that are locked; `other` says what of a locked one is not as asked for.
    private func compare(
        _ subject: LockDifference.Subject, _ used: [(name: String, place: SpecPlace)],
        locked: some Collection<String>, other: (String) -> String?
    ) -> [LockDifference] {
        let locked = Set(locked)
        var seen: Set<String> = []
        var result: [LockDifference] = []
        for (name, place) in used where seen.insert(name).inserted {
            if !locked.contains(name) {
                result.append(LockDifference(kind: .missing, subject: subject, name: name, place: place))
            } else if let found = other(name) {
                result.append(LockDifference(kind: .other(found), subject: subject, name: name, place: place))
            }
        }
        let unused = locked.subtracting(seen).sorted()
        return result + unused.map { LockDifference(kind: .unused, subject: subject, name: $0, place: nil) }
    }
}

extension LayerSpecs {
    /// The images that a lock has to hold, each with the places that use it, in the order of the packages.
    package var images: [Located<SourceReference>] {
        var base: [Located<SourceReference>] = []
        if case .image(let image)? = derivative?.base { base.append(image) }
        let built = packages.flatMap { package -> [Located<SourceReference>] in
            guard let build = package.build else { return [] }
            var images: [Located<SourceReference>] = []
            if case .layers(let image?, _) = build.base { images.append(image) }
            for copy in build.copies {
                if case .image(let image) = copy.origin.value { images.append(Located(image, at: copy.origin.place)) }
            }
            return images + build.containerImages
        }
        return (built + base).filter { $0.value.digest == nil }
    }

    /// The variables of the environment that its files use.
    package var environmentUses: [EnvironmentUse] {
        layer.environmentUses + packages.flatMap(\.environmentUses) + (derivative?.environmentUses ?? [])
    }

    /// What the packages ask for of other packages, in their order: to run, and to be built; then what the image asks for.
    var asks: [PackageAsk] {
        packages.flatMap { package in
            (package.requires + package.splits.flatMap(\.requires)).map { PackageAsk($0, isForBuild: false) }
                + (package.build?.requests ?? []).map { PackageAsk($0, isForBuild: true) }
        } + (derivative?.packages ?? []).map { PackageAsk($0, isForBuild: false) }
    }
}

extension LayerSpecs {
    /// What the packages ask for that none of the layer's own packages is: what layers below have to have.
    ///
    /// - Parameter base: what the base of the layer's image has, which fulfils what is asked for to run.
    package func outsideRequests(having base: [PackageMetadata] = []) -> [Located<PackageRequest>] {
        LockedPackages([], self, having: base).asked
    }
}

extension BuildSpec {
    /// What the build asks for of other packages: its base, and what it copies.
    package var requests: [Located<PackageRequest>] {
        let base: [Located<PackageRequest>] =
            switch base {
            case .layers(_, let packages): packages
            case .buildContainer(let package): [package]
            case .nothing, nil: []
            }
        return base
            + copies.compactMap { copy in
                guard case .package(let request) = copy.origin.value else { return nil }
                return Located(request, at: copy.origin.place)
            }
    }
}

extension SourceReference {
    /// The digest that the reference pins the image to; nil when it can become another one.
    package var digest: Digest? {
        switch self {
        case .registry(let image): image.digest
        case .layout(let entry), .archive(let entry), .iso(let entry), .file(let entry): entry.digest
        case .imageDirectory: nil
        }
    }
}
