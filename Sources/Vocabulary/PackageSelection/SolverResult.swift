package import PackageModel

/// A package that was chosen, and who offers it.
package struct SolvedPackage: Equatable, Sendable {
    /// The package.
    package var package: OfferedPackage
    /// The number of what offers it; 0 is what is taken first.
    package var layer: Int
    /// The name of that.
    package var repository: String
}

/// Warns that one of several packages was taken of which nobody asked for this one.
package struct ProviderChoice: Equatable, Sendable, CustomStringConvertible {
    /// What is needed, and by whom.
    package var chain: NeedChain
    /// The package that was taken.
    package var taken: NamedVersions
    /// The best version of each other package that would do.
    package var others: [NamedVersions]

    /// What was chosen among what, and the way out.
    package var description: String {
        let all = [taken] + others
        return "\(WordList.of(all.map(\.description))) provide \(chain.need), which is \(chain.words); "
            + "\(taken.name) was taken. Ask for the one that you want."
    }
}

/// Holds the packages that fulfil some requests together.
package struct SolverResult: Sendable {
    /// The packages in the order in which they are installed: what one needs comes before it, except in a ring.
    package let packages: [SolvedPackage]
    /// Choices that nobody made.
    package let warnings: [ProviderChoice]
    private let graph: SelectionGraph

    /// Takes the packages that a solver chose, by their numbers in the catalogue, without those that nothing needs.
    package init(_ chosen: [Int], for requests: [PlacedRequest], in catalogue: PackageCatalogue) {
        let requests = PlacedRequest.joined(requests)
        let chosen = chosen.sorted()
        let all = SelectionGraph(PackageSet(chosen.map { catalogue.set.packages[$0] }), requests)
        let kept = all.needed().sorted().map { chosen[$0] }
        let graph = SelectionGraph(PackageSet(kept.map { catalogue.set.packages[$0] }), requests)
        packages = graph.ordered().map { index in
            let entry = catalogue.entries[kept[index]]
            return SolvedPackage(
                package: entry.package, layer: entry.repository, repository: catalogue.repositories[entry.repository])
        }
        warnings = Self.choices(graph, catalogue)
        self.graph = graph
    }

    /// How a package came in, or what provides a name: a chain for each request that brings it; empty when none does.
    package func why(_ name: PackageName) -> [NeedChain] {
        let targets = graph.set.satisfiers(of: PackageRequest(name))
        return graph.requests.indices.compactMap { number in
            let paths = graph.paths(from: [number])
            return targets.lazy.compactMap { paths.path(to: $0) }.first.map(graph.chain)
        }
    }

    /// Says how a package came in: one sentence for each request that brings it.
    package func explanation(of name: PackageName) -> [String] {
        let taken = graph.set.satisfiers(of: PackageRequest(name)).map { graph.set.packages[$0].named.description }
        return why(name).map { "\(WordList.of(taken)) \(taken.count > 1 ? "are" : "is") \($0.words)" }
    }

    private static func choices(_ graph: SelectionGraph, _ catalogue: PackageCatalogue) -> [ProviderChoice] {
        let wanted = Set(graph.requests.map(\.request.name) + graph.set.packages.flatMap { $0.requires.map(\.name) })
        let paths = graph.paths(from: graph.requests.indices)
        let asked = zip(graph.requests.indices, graph.answers).map { number, packages in
            (chain: NeedChain(graph.requests[number]), packages: packages)
        }
        let needed = graph.set.packages.indices.flatMap { package -> [(chain: NeedChain, packages: [Int])] in
            let needs = graph.needs[package].filter { need in
                !need.packages.isEmpty && !need.packages.contains { wanted.contains(graph.set.packages[$0].name) }
            }
            guard !needs.isEmpty, let path = paths.path(to: package) else { return [] }
            return needs.map { need in
                var chain = graph.chain(path)
                chain.links.append(NeedChain.Link(graph.set.packages[package].named, needs: need.request))
                return (chain, need.packages)
            }
        }
        var seen: Set<[PackageName]> = []
        return (asked + needed).compactMap { need in
            guard let taken = need.packages.first.map({ graph.set.packages[$0].named }),
                !need.packages.contains(where: { wanted.contains(graph.set.packages[$0].name) }),
                case let others = others(than: taken.name, for: need.chain.need, catalogue), !others.isEmpty,
                seen.insert([need.chain.need.name, taken.name]).inserted
            else { return nil }
            return ProviderChoice(chain: need.chain, taken: taken, others: others)
        }
    }

    private static func others(
        than name: PackageName, for need: PackageRequest, _ catalogue: PackageCatalogue
    ) -> [NamedVersions] {
        var others: [NamedVersions] = []
        for index in catalogue.set.satisfiers(of: need) {
            let package = catalogue.set.packages[index].named
            if package.name != name, others.last?.name != package.name { others.append(package) }
        }
        return others
    }
}
