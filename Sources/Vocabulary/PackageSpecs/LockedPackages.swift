import PackageModel

/// Compares what packages ask for with what was locked, and follows what the locked ones require.
struct LockedPackages {
    private let locked: [PackageName: [LockedPackage]]
    private let all: [LockedPackage]
    private let specs: LayerSpecs
    private let own: [PackageName: [PackageMetadata]]
    private let base: [PackageName: [PackageMetadata]]
    /// What the layer's own packages require, by name and version.
    private let needs: [String: [Located<PackageRequest>]]

    /// Takes what is locked, and what the base of the layer's image has.
    init(_ packages: [LockedPackage], _ specs: LayerSpecs, having base: [PackageMetadata]) {
        all = packages
        self.specs = specs
        locked = Self.byName(packages, \.name, \.provides)
        self.base = Self.byName(base, \.name, \.provides)
        let ownPackages = specs.packages.flatMap { package in
            [package.metadata] + package.splits.map(package.metadata(of:))
        }
        let needs = specs.packages.flatMap { package in
            [("\(package.name) \(package.version)", package.requires)]
                + package.splits.map { ("\($0.name) \(package.version)", $0.requires) }
        }
        self.needs = Dictionary(needs) { first, _ in first }
        own = Self.byName(ownPackages, \.name, \.provides)
    }

    /// The packages by all names under which they count.
    private static func byName<Package>(
        _ packages: [Package], _ name: (Package) -> PackageName, _ provides: (Package) -> [PackageRequest]
    ) -> [PackageName: [Package]] {
        var result: [PackageName: [Package]] = [:]
        for package in packages {
            for name in Set([name(package)] + provides(package).map(\.name)) {
                result[name, default: []].append(package)
            }
        }
        return result
    }

    var differences: [LockDifference] {
        guard !specs.layer.layers.isEmpty else { return all.map(Self.unused) }
        var result: [LockDifference] = []
        var reached: Set<PackageName> = []
        let asks = asks
        var open = asks
        var asked: Set<PackageAsk.Wish> = []
        while let ask = open.popLast() {
            guard asked.insert(ask.wish).inserted, !isOutOfReach(ask) else { continue }
            let request = ask.wish.request
            guard
                let package = locked[request.name]?.first(where: { request.isMet(by: $0.name, $0.version, $0.provides) }
                )
            else {
                let found = difference(request, ask.place)
                if !result.contains(where: { $0.name == found.name }) { result.append(found) }
                continue
            }
            reached.insert(package.name)
            open += package.requires.map { PackageAsk($0, isForBuild: ask.wish.isForBuild) }
        }
        let order = Dictionary(asks.enumerated().map { ("\($1.wish.request)", $0) }) { first, _ in first }
        result.sort { (order[$0.name] ?? .max, $0.name) < (order[$1.name] ?? .max, $1.name) }
        return result + conflicts(among: all.filter { reached.contains($0.name) })
            + all.filter { !reached.contains($0.name) }.map(Self.unused)
    }

    /// What the layer's files ask for that none of its own packages is, in the order of the files.
    var asked: [Located<PackageRequest>] {
        var seen: Set<String> = []
        return asks.compactMap { ask in
            guard let place = ask.place, !isOutOfReach(ask), seen.insert("\(place) \(ask.wish.request)").inserted
            else { return nil }
            return Located(ask.wish.request, at: place)
        }
    }

    /// What the layer's files ask for, and for builds what its own packages require on which something is built.
    private var asks: [PackageAsk] {
        var asks = specs.asks
        var waiting = asks.filter(\.wish.isForBuild)
        var seen: Set<String> = []
        while let request = waiting.popLast()?.wish.request {
            for package in own[request.name] ?? []
            where request.isMet(by: package.name, package.version, package.provides)
                && seen.insert("\(package.name) \(package.version)").inserted
            {
                let more = needs["\(package.name) \(package.version)", default: []]
                    .map { PackageAsk($0, isForBuild: true) }
                asks += more
                waiting += more
            }
        }
        return asks
    }

    /// Whether nothing of a layer below is needed: the layer has it itself, or the base, in which nothing is built.
    private func isOutOfReach(_ ask: PackageAsk) -> Bool {
        isOwn(ask.wish.request) || !ask.wish.isForBuild && Self.has(base, ask.wish.request)
    }

    /// Packages that must not be together: a lock that was put together by hand, or out of two, may have them.
    private func conflicts(among packages: [LockedPackage]) -> [LockDifference] {
        packages.flatMap { package in
            package.conflicts.flatMap { refused in
                packages.filter { $0.name != package.name && refused.isMet(by: $0.name, $0.version, $0.provides) }.map {
                    LockDifference(
                        kind: .other("\($0.name) \($0.version), with which it conflicts"), subject: .package,
                        name: "\(package.name) \(package.version)", place: nil)
                }
            }
        }
    }

    private static func unused(_ package: LockedPackage) -> LockDifference {
        LockDifference(kind: .unused, subject: .package, name: "\(package.name) \(package.version)", place: nil)
    }

    private func isOwn(_ request: PackageRequest) -> Bool { Self.has(own, request) }

    private static func has(_ packages: [PackageName: [PackageMetadata]], _ request: PackageRequest) -> Bool {
        packages[request.name]?.contains { request.isMet(by: $0.name, $0.version, $0.provides) } == true
    }

    private func difference(_ request: PackageRequest, _ place: SpecPlace?) -> LockDifference {
        guard let found = locked[request.name]?.first(where: { $0.name == request.name }) else {
            return LockDifference(kind: .missing, subject: .package, name: "\(request)", place: place)
        }
        return LockDifference(
            kind: .other("\(found.name) \(found.version)"), subject: .package, name: "\(request)", place: place)
    }
}

/// A request, and what it is for.
struct PackageAsk {
    /// What two places may ask for alike.
    struct Wish: Hashable {
        var request: PackageRequest
        /// Whether something is built on it; else it is for the image alone.
        var isForBuild: Bool
    }

    let wish: Wish
    /// Where it is written; nil for what a package of a layer below requires.
    let place: SpecPlace?

    init(_ request: Located<PackageRequest>, isForBuild: Bool) {
        wish = Wish(request: request.value, isForBuild: isForBuild)
        place = request.place
    }

    init(_ request: PackageRequest, isForBuild: Bool) {
        wish = Wish(request: request, isForBuild: isForBuild)
        place = nil
    }
}

extension PackageRequest {
    /// Whether a package meets the request, under its own name or under one that it provides.
    fileprivate func isMet(by name: PackageName, _ version: PackageVersion, _ provides: [PackageRequest]) -> Bool {
        if name == self.name, versions.contains(version) { return true }
        return provides.contains { provided in
            guard provided.name == self.name else { return false }
            guard let exact = provided.versions.conditions.first?.version else { return versions.conditions.isEmpty }
            return versions.contains(exact)
        }
    }
}
