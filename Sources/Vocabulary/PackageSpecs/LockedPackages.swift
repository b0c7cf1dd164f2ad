import PackageModel

/// Compares what packages ask for with what was locked, and follows what the locked ones require.
struct LockedPackages {
    private let locked: [PackageName: [LockedPackage]]
    private let all: [LockedPackage]
    private let specs: LayerSpecs
    private let own: [PackageName: [PackageMetadata]]

    init(_ lock: LockFile, _ specs: LayerSpecs) {
        all = lock.packages
        self.specs = specs
        locked = Self.byName(lock.packages, \.name, \.provides)
        let packages = specs.packages.flatMap { package in
            [package.metadata] + package.splits.map(package.metadata(of:))
        }
        own = Self.byName(packages, \.name, \.provides)
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
        var open: [(request: PackageRequest, place: SpecPlace?)] = specs.requests.map { ($0.value, $0.place) }
        var asked: Set<PackageRequest> = []
        while let (request, place) = open.popLast() {
            guard asked.insert(request).inserted, !isOwn(request) else { continue }
            guard
                let package = locked[request.name]?.first(where: { request.isMet(by: $0.name, $0.version, $0.provides) }
                )
            else {
                result.append(difference(request, place))
                continue
            }
            if reached.insert(package.name).inserted { open += package.requires.map { ($0, nil) } }
        }
        let order = Dictionary(specs.requests.enumerated().map { ("\($1.value)", $0) }) { first, _ in first }
        result.sort { (order[$0.name] ?? .max, $0.name) < (order[$1.name] ?? .max, $1.name) }
        return result + conflicts(among: all.filter { reached.contains($0.name) })
            + all.filter { !reached.contains($0.name) }.map(Self.unused)
    }

    /// What the layer's files ask for that none of its own packages is, in the order of the files.
    var asked: [Located<PackageRequest>] { specs.requests.filter { !isOwn($0.value) } }

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

    private func isOwn(_ request: PackageRequest) -> Bool {
        own[request.name]?.contains { request.isMet(by: $0.name, $0.version, $0.provides) } == true
    }

    private func difference(_ request: PackageRequest, _ place: SpecPlace?) -> LockDifference {
        guard let found = locked[request.name]?.first(where: { $0.name == request.name }) else {
            return LockDifference(kind: .missing, subject: .package, name: "\(request)", place: place)
        }
        return LockDifference(
            kind: .other("\(found.name) \(found.version)"), subject: .package, name: "\(request)", place: place)
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
