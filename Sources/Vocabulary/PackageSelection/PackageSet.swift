package import PackageModel

/// Packages that are looked up by what they are and provide.
package struct PackageSet: Sendable {
    /// The packages; they are spoken of by their numbers in here.
    package let packages: [PackageMetadata]
    private var named: [PackageName: [Int]] = [:]
    private var orders: [PackageName: VersionOrder] = [:]
    private var providing: [PackageName: [Int]] = [:]

    /// Makes a set of packages in the order given.
    package init(_ packages: [PackageMetadata]) {
        self.packages = packages
        for (index, package) in packages.enumerated() {
            named[package.name, default: []].append(index)
            for name in Set(package.provides.map(\.name)) {
                providing[name, default: []].append(index)
            }
        }
        orders = named.mapValues { same in VersionOrder(same.map { packages[$0].version }) }
    }

    /// The packages of a name, in their order.
    package func packages(named name: PackageName) -> [Int] { named[name] ?? [] }

    /// The packages that say that they provide a name, in some version or without one.
    func providers(of name: PackageName) -> [Int] { providing[name] ?? [] }

    /// The packages that fulfil a request, in their order.
    package func satisfiers(of request: PackageRequest) -> [Int] {
        let own = orders[request.name]?.places(in: request.versions).map { packages(named: request.name)[$0] } ?? []
        let others = providers(of: request.name).filter { packages[$0].satisfies(request) }
        return others.isEmpty ? own : Set(own + others).sorted()
    }

    /// The names of its packages.
    var names: some Collection<PackageName> { named.keys }
}

extension PackageMetadata {
    /// Whether it fulfils a request: by its own version, or by what it provides.
    ///
    /// As in Debian, what is provided without a version fulfils no request for one.
    package func satisfies(_ request: PackageRequest) -> Bool {
        if name == request.name, request.versions.contains(version) { return true }
        return provides.contains { provided in
            guard provided.name == request.name else { return false }
            if request.versions.conditions.isEmpty { return true }
            return provided.versions.exactVersion.map(request.versions.contains) ?? false
        }
    }

    /// Its name with its version.
    var named: NamedVersions { NamedVersions(name, [version]) }
}

extension VersionRange {
    /// The one version that is meant exactly; nil for other ranges.
    var exactVersion: PackageVersion? {
        conditions.count == 1 && conditions[0].comparison == .equal ? conditions[0].version : nil
    }
}

extension [PackageRequest] {
    /// In the order of their texts: the order in which somebody wrote them makes no difference.
    var ordered: [PackageRequest] {
        count < 2 ? self : map { ($0, $0.description) }.sorted { $0.1 < $1.1 }.map(\.0)
    }
}
