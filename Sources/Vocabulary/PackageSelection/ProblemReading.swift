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
    /// The most rules that are looked at for one problem; far more than can be told.
    private static let limit = 1_000

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
        let chain = NeedChain(placed)
        let availability = Availability(of: chain, in: catalogue)
        return SelectionProblem([.missing(chain, availability, others: nil)], requests: [placed])
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
        let ranked = rules.compactMap { rule in rank(rule, paths).map { (rule: rule, rank: $0) } }
            .sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
        let merged = Self.merged(ranked.prefix(Self.limit).compactMap { obstacle($0.rule, paths) })
        return SelectionProblem(
            merged.prefix(SelectionProblem.shown).map(withWays) + merged.dropFirst(SelectionProblem.shown),
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
    private func obstacle(_ rule: ProofRule, _ paths: NeedPaths) -> SelectionObstacle? {
        switch rule {
        case .asked, .needs: return nil
        case .lacks(let package, let request):
            guard var chain = chain(to: package, paths) else { return nil }
            chain.links.append(link(package, request))
            return .missing(chain, Availability(of: chain, in: catalogue), others: nil)
        case .conflicts(let one, let request, let other):
            guard let first = chain(to: one, paths), let second = chain(to: other, paths) else { return nil }
            return .conflict(
                WantedPackage(versions(one), first), request, WantedPackage(versions(other), second))
        case .sameName(let one, let other):
            guard let first = chain(to: one, paths, not: other), let second = chain(to: other, paths, not: one),
                first != second
            else { return nil }
            let pair = [WantedPackage(versions(one), first), WantedPackage(versions(other), second)]
                .sorted { $0.chain.shape.lexicographicallyPrecedes($1.chain.shape) }
            return .disagreement(pair[0], pair[1])
        }
    }

    /// The place in the order, what would have been taken first in front; nil when no request of the proof leads there.
    private func rank(_ rule: ProofRule, _ paths: NeedPaths) -> [Int]? {
        let (kind, packages): (Int, [Int])
        switch rule {
        case .asked, .needs: return nil
        case .conflicts(let one, _, let other): (kind, packages) = (0, [one, other])
        case .lacks(let package, _): (kind, packages) = (1, [package])
        case .sameName(let one, let other): (kind, packages) = (2, [one, other])
        }
        guard packages.allSatisfy(paths.reaches) else { return nil }
        let places = packages.map { $0 - (catalogue.set.packages(named: catalogue.set.packages[$0].name).first ?? 0) }
        return [places.max() ?? 0, kind] + packages
    }

    /// Adds what could be had if a request were another.
    private func withWays(_ obstacle: SelectionObstacle) -> SelectionObstacle {
        switch obstacle {
        case .missing(let chain, let availability, _):
            guard let link = chain.links.last else { return obstacle }
            var before = chain
            before.links.removeLast()
            let wanted = withOthers(WantedPackage(link.package, before)) { package in
                package.requires.allSatisfy { !catalogue.set.satisfiers(of: $0).isEmpty }
            }
            return .missing(chain, availability, others: wanted)
        case .conflict(let one, let request, let other):
            return .conflict(
                withOthers(one) { !$0.conflicts.contains(request) }, request,
                withOthers(other) { !$0.satisfies(request) })
        case .disagreement: return obstacle
        }
    }

    private func withOthers(_ wanted: WantedPackage, where fits: (PackageMetadata) -> Bool) -> WantedPackage {
        var wanted = wanted
        wanted.others = catalogue.others(than: wanted.package, refusedBy: wanted.chain.need, where: fits)
        return wanted
    }

    private func versions(_ package: Int) -> NamedVersions {
        let all = (alike[package] ?? [package]).map { catalogue.set.packages[$0].version }
        return NamedVersions(catalogue.set.packages[package].name, all)
    }

    private func link(_ package: Int, _ need: PackageRequest) -> NeedChain.Link {
        NeedChain.Link(versions(package), needs: need, at: catalogue.entries[package].package.place(of: need))
    }

    /// The way to a package; if possible by a need that the other one does not fulfil.
    private func chain(to package: Int, _ paths: NeedPaths, not other: Int? = nil) -> NeedChain? {
        let path = paths.path(to: package) { need in
            other.map { !catalogue.set.packages[$0].satisfies(need) } ?? true
        }
        guard let path, requests.indices.contains(path.request) else { return nil }
        return NeedChain(
            requests[path.request], path.links.map { link($0.package, $0.needs) })
    }
}
