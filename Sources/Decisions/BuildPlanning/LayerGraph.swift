import Faults
package import ImageModel
package import PackageModel
package import PackageSpecs
package import RegistryModel

/// The packages of a layer and those of its lock, and which of them each build needs.
package struct LayerGraph: Sendable {
    private let closure: PackageClosure
    /// How packages are found that are laid on an image of which it is known what it has, by its reference.
    private let onImages: [String: PackageClosure]
    /// The build that gives a package, by the package's identity; what comes from elsewhere has none.
    private let builds: [String: PackageSpec]
    /// The layer's packages, by name, then by version.
    package let packages: [PackageSpec]

    /// Joins a layer's packages with those that come from elsewhere.
    ///
    /// - Parameter images: the packages that images have, by the references of these.
    package init(
        _ packages: [PackageSpec], provided: [PackageMetadata] = [], images: [String: [PackageMetadata]] = [:]
    ) {
        var builds: [String: PackageSpec] = [:]
        var all = provided
        for package in packages {
            for metadata in package.outputs {
                builds[metadata.identity] = package
                all.append(metadata)
            }
        }
        self.packages = packages
        self.builds = builds
        closure = PackageClosure(all)
        onImages = images.mapValues { [all] in PackageClosure(all, on: $0) }
    }

    /// The packages that lie on the base of a build, lowest first.
    ///
    /// - Throws: `ClosureError`.
    package func base(of package: PackageSpec) throws(ClosureError) -> [PackageMetadata] {
        guard case .layers(let image, let requests)? = package.build?.base else { return [] }
        return try packages(for: requests, on: image?.value)
    }

    /// The package in whose build container a build starts; nil when it starts from something else.
    ///
    /// - Throws: `ClosureError`.
    package func buildContainer(of package: PackageSpec) throws(ClosureError) -> PackageSpec? {
        guard case .buildContainer(let request)? = package.build?.base else { return nil }
        let metadata = try closure.choice(request.value, asker: "\(request.place)")
        guard let build = builds[metadata.identity] else {
            throw ClosureError(
                .missing, "composing a base", "\(request.value)",
                cause: "\(request.place): it is built elsewhere, and its build container is not here",
                remedy: "Start from its files with 'from: {packages: […]}'.")
        }
        return build
    }

    /// The packages of the layer that are built in the build container of another.
    package func packages(builtIn package: PackageSpec) -> [PackageSpec] {
        packages.filter { (try? buildContainer(of: $0))??.identity == package.identity }
    }

    /// The packages that an image has; none where nobody knows of any.
    package func packages(in image: SourceReference?) -> [PackageMetadata] {
        image.flatMap { onImages["\($0)"] }?.present ?? []
    }

    /// The packages that are laid on an image, each behind what it requires: without those that it has.
    ///
    /// - Throws: `ClosureError`.
    package func packages(
        for requests: [Located<PackageRequest>], on image: SourceReference?
    ) throws(ClosureError) -> [PackageMetadata] {
        guard let first = requests.first else { return [] }
        let closure = image.flatMap { onImages["\($0)"] } ?? closure
        return try closure.packages(for: requests.map(\.value), asker: "\(first.place)")
    }

    /// The build of the layer that gives a package; nil for one that comes from elsewhere.
    package func build(of package: PackageMetadata) -> PackageSpec? { builds[package.identity] }

    /// Globs of what a package may replace of others.
    package func overrides(of package: PackageMetadata) -> [String] {
        builds[package.identity].map { $0.artefact?.overrides.map(\.value) ?? [] } ?? package.overrides
    }

    /// What a package was built on, all the way down: names of packages, and digests of images.
    ///
    /// - Parameter images: the digests of images by their references, as files have them.
    /// - Throws: `ClosureError`.
    package func builtOn(_ package: PackageMetadata, images: [String: Digest]) throws(ClosureError) -> Set<String> {
        var below: Set<String> = []
        var waiting = [package]
        var seen: Set<String> = []
        while let next = waiting.popLast() {
            guard let build = builds[next.identity] else {
                below.formUnion(next.builtOn)
                continue
            }
            guard seen.insert(build.identity).inserted else { continue }
            if case .layers(let image?, _)? = build.build?.base, let digest = images["\(image.value)"] {
                below.insert(digest.registryText)
            }
            for part in try base(of: build) {
                below.insert("\(part.name)")
                waiting.append(part)
            }
            if let container = try buildContainer(of: build) { waiting.append(container.metadata) }
        }
        return below
    }

    /// The packages that a build copies files from.
    ///
    /// - Throws: `ClosureError`.
    package func copies(of package: PackageSpec) throws(ClosureError) -> [PackageMetadata] {
        var result: [PackageMetadata] = []
        for copy in package.build?.copies ?? [] {
            guard case .package(let request) = copy.origin.value else { continue }
            result.append(try closure.choice(request, asker: "\(copy.origin.place)"))
        }
        return result
    }

    /// The builds of some packages, and all builds that these need.
    ///
    /// - Parameter wanted: nil for all of the layer.
    /// - Throws: `ClosureError`, `BuildGraphError`.
    package func schedule(for wanted: [PackageSpec]? = nil) throws -> BuildSchedule {
        var nodes: [String: BuildSchedule.Node] = [:]
        var waiting = wanted ?? packages
        while let package = waiting.popLast() {
            guard nodes[package.identity] == nil else { continue }
            let needed = try needs(of: package)
            nodes[package.identity] = BuildSchedule.Node(
                package.identity, needs: needed.map(\.identity), place: "\(package.place)")
            waiting += needed
        }
        return try BuildSchedule(Array(nodes.values))
    }

    /// The builds that have to be over before a build begins.
    private func needs(of package: PackageSpec) throws(ClosureError) -> [PackageSpec] {
        var names: Set<String> = []
        var needed: [PackageSpec] = []
        for metadata in try base(of: package) + copies(of: package) {
            guard let build = builds[metadata.identity], names.insert(build.identity).inserted else { continue }
            needed.append(build)
        }
        if let build = try buildContainer(of: package), names.insert(build.identity).inserted { needed.append(build) }
        return needed
    }
}

extension PackageSpec {
    /// Name and version; no two packages of a layer have the same.
    package var identity: String { metadata.identity }

    /// The images that its build uses.
    package var images: [SourceReference] {
        guard let build else { return [] }
        var images = build.containerImages.map(\.value)
        if case .layers(let image?, _)? = build.base { images.append(image.value) }
        for copy in build.copies {
            if case .image(let image) = copy.origin.value { images.append(image) }
        }
        return images
    }

    /// What its build gives: itself, then what is split off.
    package var outputs: [PackageMetadata] { [metadata] + splits.map { metadata(of: $0) } }
}

extension PackageMetadata {
    /// Name and version, for people and as a key.
    package var identity: String { "\(name) \(version)" }
}
