import Faults
package import ImageModel
package import PackageModel

/// Puts together what several indexes name.
package enum IndexMerge {
    /// The packages of all lists, each once; of equal ones the first counts.
    ///
    /// - Throws: `RepositoryPlanningError` for a package that two of them have with different content, and for more
    ///   packages than an index may name.
    package static func merged(_ lists: [[RepositoryPackage]]) throws(RepositoryPlanningError) -> [RepositoryPackage] {
        var places: [String: Int] = [:]
        var merged: [RepositoryPackage] = []
        for package in lists.joined() {
            if let place = places[package.identity] {
                guard merged[place].manifest == package.manifest else { throw clash(package, merged[place].manifest) }
            } else {
                places[package.identity] = merged.count
                merged.append(package)
            }
        }
        guard merged.count <= RepositoryIndex.packageLimit else {
            throw RepositoryPlanningError(
                .limit, "putting together", "the index",
                cause: "it would name \(merged.count) packages, more than \(RepositoryIndex.packageLimit)",
                remedy: "Publish some of them to another repository.")
        }
        return merged
    }

    /// The packages that a list has beyond another, by content.
    package static func added(_ list: [RepositoryPackage], to base: [RepositoryPackage]) -> [RepositoryPackage] {
        let known = Set(base.map(\.manifest))
        return list.filter { !known.contains($0.manifest) }
    }

    /// The same package with other content.
    package static func clash(_ package: RepositoryPackage, _ other: Digest) -> RepositoryPlanningError {
        RepositoryPlanningError(
            .clash, "publishing", package.identity,
            cause: "\(package.metadata.version) is published with other content (\(other.registryText))",
            remedy: "Raise the version.")
    }
}
