import Faults
package import PackageModel

/// Chooses packages of an index.
package enum PackageQuery {
    /// The highest version of each package, for each architecture, in the order of the index.
    package static func newest(_ packages: [RepositoryPackage]) -> [RepositoryPackage] {
        var places: [String: Int] = [:]
        for (place, package) in packages.enumerated() {
            let key = "\(package.metadata.name) \(package.metadata.architecture)"
            if let known = places[key], !package.isHigher(than: packages[known]) { continue }
            places[key] = place
        }
        return places.values.sorted().map { packages[$0] }
    }

    /// The packages that requests ask for: of each the highest version that counts, for each architecture.
    ///
    /// - Parameter architecture: the one that is wanted, besides `all`; nil for every one.
    /// - Throws: `RepositoryPlanningError` for a request that nothing answers, with the versions that there are.
    package static func chosen(
        by requests: [PackageRequest], from packages: [RepositoryPackage], architecture: String? = nil
    ) throws(RepositoryPlanningError) -> [RepositoryPackage] {
        var chosen: [RepositoryPackage] = []
        var seen: Set<String> = []
        for request in requests {
            let named = packages.filter { package in
                package.metadata.name == request.name && package.runs(on: architecture)
            }
            let found = newest(named.filter { request.versions.contains($0.metadata.version) })
            guard !found.isEmpty else { throw absent(request, named) }
            chosen += found.filter { seen.insert($0.identity).inserted }
        }
        return chosen
    }

    static func absent(_ request: PackageRequest, _ named: [RepositoryPackage]) -> RepositoryPlanningError {
        let versions = named.suffix(20).map(\.metadata.version.description).joined(separator: ", ")
        return RepositoryPlanningError(
            .absent, "looking for", "\(request)",
            cause: named.isEmpty ? "the repository has no package of that name" : "the repository has only \(versions)",
            remedy: "See what there is with 'boatyard repository search'.")
    }

    /// The packages in whose name, description or labels every word is, whatever its case.
    package static func containing(_ words: [String], in packages: [RepositoryPackage]) -> [RepositoryPackage] {
        let words = words.map { Array($0.lowercased().utf8) }
        return packages.filter { package in
            let metadata = package.metadata
            let labels = metadata.labels.values.sorted()
            let text = Array(
                ([metadata.name.description, metadata.summary] + labels).joined(separator: "\n").lowercased().utf8)
            return words.allSatisfy { text.holds($0) }
        }
    }
}

extension RepositoryPackage {
    /// Whether its version is higher, by Debian's order.
    fileprivate func isHigher(than other: RepositoryPackage) -> Bool {
        metadata.version.compared(to: other.metadata.version) > 0
    }

    /// Whether it is for an architecture, or for all.
    func runs(on architecture: String?) -> Bool {
        architecture.map { [$0, "all"].contains(metadata.architecture) } ?? true
    }
}

extension [UInt8] {
    /// Whether other bytes are somewhere in these.
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        part.count <= count && (0...(count - part.count)).contains { self[$0...].starts(with: part) }
    }
}
