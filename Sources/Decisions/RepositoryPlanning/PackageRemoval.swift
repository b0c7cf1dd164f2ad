import Faults
package import PackageModel
import PackageSelection

/// Decides which packages leave an index, and whether those that stay can do without them.
package enum PackageRemoval {
    /// The packages that requests name: every version that they allow, for every architecture.
    ///
    /// - Throws: `RepositoryPlanningError` for a request that names nothing, with the versions that there are.
    package static func chosen(
        by requests: [PackageRequest], from packages: [RepositoryPackage]
    ) throws(RepositoryPlanningError) -> [RepositoryPackage] {
        for request in requests where !packages.contains(where: { request.names($0) }) {
            throw PackageQuery.absent(request, packages.filter { $0.metadata.name == request.name })
        }
        return packages.filter { package in requests.contains { $0.names(package) } }
    }

    /// Refuses to remove what a package that stays requires, when nothing that stays is in its place.
    ///
    /// - Throws: `RepositoryPlanningError` that names who requires it.
    package static func check(
        _ removed: [RepositoryPackage], leaving kept: [RepositoryPackage]
    ) throws(RepositoryPlanningError) {
        let gone = PackageSet(removed.map(\.metadata))
        let left = PackageSet(kept.map(\.metadata))
        var needs: [(who: RepositoryPackage, request: PackageRequest, what: RepositoryPackage)] = []
        for package in kept {
            for request in package.metadata.requires {
                let lost = gone.satisfiers(of: request).first { index in
                    guard let target = package.target(beside: removed[index]) else { return false }
                    return !left.satisfiers(of: request).contains { kept[$0].runs(on: target) }
                }
                if let lost { needs.append((package, request, removed[lost])) }
            }
        }
        guard let first = needs.first else { return }
        let more = needs.count > 1 ? "; \(needs.count - 1) more requirements would be unmet" : ""
        throw RepositoryPlanningError(
            .needed, "removing", first.what.identity,
            cause:
                "\(first.who.identity) requires \(first.request), and nothing else in the repository provides it\(more)",
            remedy: "Remove that as well, or publish another version that it can have first.")
    }
}

extension PackageRequest {
    /// Whether it means a package by its own name.
    fileprivate func names(_ package: RepositoryPackage) -> Bool {
        package.metadata.name == name && versions.contains(package.metadata.version)
    }
}

extension RepositoryPackage {
    /// The architecture of an image in which both can be; `all` when they can in every one, nil when they can in none.
    fileprivate func target(beside other: RepositoryPackage) -> String? {
        let (own, its) = (metadata.architecture, other.metadata.architecture)
        if its == "all" || own == its { return own }
        return own == "all" ? its : nil
    }
}
