package import BuildPlanning
import Cryptography
import ImageModel
package import PackageModel
package import PackageSpecs
import RegistryModel

// What a build needs, and what needs its container.
extension PackageBuilder {
    /// All that a build needs; nil when something below it is not there, because nothing is built.
    func order(_ package: PackageSpec, _ summary: BuildSummary) throws -> BuildOrder? {
        let (base, copies) = (try graph.base(of: package), try graph.copies(of: package))
        let container = try graph.buildContainer(of: package)
        guard (base + copies).allSatisfy({ summary.outputs[$0.identity] != nil }),
            container.map({ summary.buildKeys[$0.identity] != nil }) ?? true
        else { return nil }
        var surroundings = BuildSurroundings(architecture: pins.architecture, epoch: pins.epoch)
        let images = Set(package.images.map { "\($0)" })
        surroundings.images = pins.images.filter { images.contains($0.key) }
        surroundings.fetches = pins.fetches
        surroundings.accounts = pins.accounts
        let below = try parts(base, summary)
        let image = image(of: package)
        let joins = BaseJoin.words(
            below, on: image.flatMap { pins.images["\($0)"] }, having: graph.packages(in: image).map(\.name))
        surroundings.base = base.compactMap { summary.part($0, joins[$0.name] ?? []) }
        surroundings.copies = copies.compactMap { summary.part($0) }
        surroundings.buildContainer = container.flatMap { summary.buildKeys[$0.identity] }
        surroundings.files = try maker.files(of: package)
        let inputs = BuildInputs(building: package, in: surroundings)
        return BuildOrder(
            package: package, surroundings: surroundings, base: below,
            copies: try parts(copies, summary),
            inputs: inputs, buildKey: try SHA256Hasher.digest(of: inputs.canonical).hex,
            keepsContainer: !graph.packages(builtIn: package).isEmpty)
    }

    /// The image that a build lies on; nil for packages alone.
    private func image(of package: PackageSpec) -> SourceReference? {
        guard case .layers(let image, _)? = package.build?.base else { return nil }
        return image?.value
    }

    private func parts(_ base: [PackageMetadata], _ summary: BuildSummary) throws -> [BasePart] {
        try base.compactMap { package in
            try summary.outputs[package.identity].map {
                BasePart(
                    $0, overrides: graph.overrides(of: package),
                    builtOn: try graph.builtOn(package, images: pins.images),
                    origin: provided[package.identity])
            }
        }
    }

    /// What a package of the layer says of itself where others take it from: with what it was built on.
    ///
    /// - Throws: `ClosureError`.
    package func described(_ package: PackageMetadata) throws(ClosureError) -> PackageMetadata {
        var package = package
        package.overrides = graph.overrides(of: package)
        package.builtOn = try graph.builtOn(package, images: pins.images).sorted()
        return package
    }

    /// What a package comes to, together with all that it was built on.
    ///
    /// - Throws: as `ContainerMaker.make`, for what has to be fetched or joined.
    package func composition(
        of package: PackageSpec, _ summary: BuildSummary
    ) throws -> BaseComposition? where Maker == ContainerMaker {
        guard let order = try order(package, summary), let output = summary.outputs[package.identity] else {
            return nil
        }
        var composition = try maker.composition(order)
        composition.add(output)
        return composition
    }

    /// The builds of a run that would need the container of another one, and of each other; none when it is there.
    ///
    /// - Returns: nil when one of them is made anyway, or is not known before.
    func builds(inContainerOf order: BuildOrder, _ run: BuildRun) throws -> [PendingBuild]? {
        var summary = run.summary
        var builds: [PendingBuild] = []
        var waiting = [order]
        while let next = waiting.popLast() {
            guard next.keepsContainer, try !maker.hasContainer(next.buildKey) else { continue }
            summary.buildKeys[next.package.identity] = next.buildKey
            for package in graph.packages(builtIn: next.package) where run.schedule.order.contains(package.identity) {
                guard !rebuilt.contains(package.name), let inner = try self.order(package, summary) else { return nil }
                builds.append(try PendingBuild(inner))
                waiting.append(inner)
            }
        }
        return builds
    }
}

extension BuildSummary {
    /// What counts of a package for those that are built on it.
    fileprivate func part(_ package: PackageMetadata, _ joins: [String] = []) -> BuildSurroundings.Part? {
        outputs[package.identity].map { BuildSurroundings.Part(package.name, content: $0.content, joins: joins) }
    }
}
