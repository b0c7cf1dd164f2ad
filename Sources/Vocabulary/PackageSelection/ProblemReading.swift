package import PackageModel

/// One rule out of a solver's proof that requests cannot be had together; packages by their numbers in the catalogue.
package enum ProofRule: Hashable, Sendable {
    /// A request, by its number.
    case asked(Int)
    /// A package needs something that others provide.
    case needs(Int, PackageRequest)
    /// A package needs something that nothing provides.
    case lacks(Int, PackageRequest)
    /// The first package conflicts with what the request names, which the second one is.
    case conflicts(Int, PackageRequest, Int)
    /// Two packages have the same name.
    case sameName(Int, Int)
}

/// Makes a problem out of a solver's proof.
package struct ProblemReading {
    private let catalogue: PackageCatalogue
    private let requests: [PlacedRequest]
    private let alike: [Int: [Int]]

    /// Prepares to read proofs about requests; `alike` has the packages for which one stands in the rules, itself included.
    package init(_ requests: [PlacedRequest], in catalogue: PackageCatalogue, alike: [Int: [Int]]) {
        self.requests = requests
        self.catalogue = catalogue
        self.alike = alike
    }

    /// The problem of a request that nothing fulfils; nil when something does.
    package static func missing(_ placed: PlacedRequest, in catalogue: PackageCatalogue) -> SelectionProblem? {
        guard catalogue.set.satisfiers(of: placed.request).isEmpty else { return nil }
        let availability = Availability(of: placed.request, in: catalogue)
        return SelectionProblem([.missing(NeedChain(placed), availability, others: nil)], requests: [placed])
    }

    /// The problem that a proof is about.
    package func problem(_ rules: [ProofRule]) -> SelectionProblem {
        let asked = rules.compactMap { if case .asked(let number) = $0 { number } else { nil } }.sorted()
        var needs: [Int: [PackageRequest]] = [:]
        var named: Set<Int> = []
        for rule in rules {
            switch rule {
            case .asked: break
            case .needs(let package, let request):
                named.insert(package)
                needs[package, default: []].append(request)
            case .lacks(let package, _): named.insert(package)
            case .conflicts(let one, _, let other), .sameName(let one, let other): named.formUnion([one, other])
            }
        }
        var paths = NeedPaths()
        for number in asked where requests.indices.contains(number) {
            let request = requests[number].request
            paths.begin(at: number, request, satisfiers(of: request, within: named))
        }
        paths.follow { package in
            (needs[package] ?? []).ordered.map { ($0, satisfiers(of: $0, within: named)) }
        }
        let found = rules.compactMap { obstacle($0, paths) }
            .sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
        return SelectionProblem(
            Self.merged(found.map(\.obstacle)),
            requests: asked.filter(requests.indices.contains).map { requests[$0] })
    }

    private func satisfiers(of request: PackageRequest, within named: Set<Int>) -> [Int] {
        catalogue.set.satisfiers(of: request).filter(named.contains)
    }

    /// Joins those that differ only in versions, and keeps the order.
    private static func merged(_ obstacles: [SelectionObstacle]) -> [SelectionObstacle] {
        var merged: [SelectionObstacle] = []
        var places: [[String]: Int] = [:]
        for obstacle in obstacles {
            if let place = places[obstacle.shape] {
                merged[place].add(obstacle)
            } else {
                places[obstacle.shape] = merged.count
                merged.append(obstacle)
            }
        }
        return merged
    }
}

extension ProblemReading {
    /// An obstacle with its place in the order: those about what would have been taken first come first.
    private func obstacle(_ rule: ProofRule, _ paths: NeedPaths) -> (obstacle: SelectionObstacle, rank: [Int])? {
        switch rule {
        case .asked, .needs: return nil
        case .lacks(let package, let request):
            guard var chain = chain(to: package, paths) else { return nil }
            let before = chain
            chain.links.append(NeedChain.Link(versions(package), needs: request))
            let availability = Availability(of: request, in: catalogue)
            let others = wanted(package, before) { index in lacksNothing(index) }
            return (.missing(chain, availability, others: others), rank([package], 1))
        case .conflicts(let one, let request, let other):
            guard let first = chain(to: one, paths), let second = chain(to: other, paths) else { return nil }
            let left = wanted(one, first) { index in
                !catalogue.set.packages[index].conflicts.contains(request)
            }
            let right = wanted(other, second) { index in !catalogue.set.packages[index].satisfies(request) }
            return (.conflict(left, request, right), rank([one, other], 0))
        case .sameName(let one, let other):
            guard let first = chain(to: one, paths, not: other), let second = chain(to: other, paths, not: one),
                first != second
            else { return nil }
            let pair = [wanted(one, first) { _ in false }, wanted(other, second) { _ in false }]
                .sorted { $0.chain.shape.lexicographicallyPrecedes($1.chain.shape) }
            return (.disagreement(pair[0], pair[1]), rank([one, other], 2))
        }
    }

    private func wanted(_ package: Int, _ chain: NeedChain, where fits: (Int) -> Bool) -> WantedPackage {
        let taken = versions(package)
        return WantedPackage(
            taken, chain, others: catalogue.others(than: taken, refusedBy: chain.need, where: fits))
    }

    private func lacksNothing(_ package: Int) -> Bool {
        catalogue.set.packages[package].requires.allSatisfy { !catalogue.set.satisfiers(of: $0).isEmpty }
    }

    private func versions(_ package: Int) -> NamedVersions {
        let all = (alike[package] ?? [package]).map { catalogue.set.packages[$0].version }
        return NamedVersions(catalogue.set.packages[package].name, all)
    }

    private func rank(_ packages: [Int], _ kind: Int) -> [Int] {
        let places = packages.map { $0 - (catalogue.set.packages(named: catalogue.set.packages[$0].name).first ?? 0) }
        return [places.max() ?? 0, kind] + packages
    }

    /// The way to a package; if possible by a need that the other one does not fulfil.
    private func chain(to package: Int, _ paths: NeedPaths, not other: Int? = nil) -> NeedChain? {
        let path = paths.path(to: package) { need in
            other.map { !catalogue.set.packages[$0].satisfies(need) } ?? true
        }
        guard let path, requests.indices.contains(path.request) else { return nil }
        return NeedChain(
            requests[path.request], path.links.map { NeedChain.Link(versions($0.package), needs: $0.needs) })
    }
}
