package import ImageModel
package import PackageModel

/// What the tag of a package's version names: the package for each architecture.
package struct TagContent: Equatable, Sendable {
    /// The manifests by architecture.
    package var manifests: [String: Digest]

    /// Names manifests.
    package init(_ manifests: [String: Digest]) { self.manifests = manifests }

    /// Architectures and manifests in the order in which a list has them.
    package var ordered: [(architecture: String, manifest: Digest)] {
        manifests.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// What is to be done with the tag of a package's version.
package enum TagDecision: Equatable, Sendable {
    /// It names all that it should.
    case keep
    /// It has to name this.
    case put(TagContent)
    /// It names another package for an architecture.
    case refuse(architecture: String, present: Digest)

    /// Decides; what the tag names for other architectures stays.
    ///
    /// - Parameter present: what it names now; nil when there is no such tag.
    package init(wanted: TagContent, present: TagContent?) {
        guard let present else {
            self = .put(wanted)
            return
        }
        var all = present
        for (architecture, manifest) in wanted.ordered {
            if let other = present.manifests[architecture], other != manifest {
                self = .refuse(architecture: architecture, present: other)
                return
            }
            all.manifests[architecture] = manifest
        }
        self = all == present ? .keep : .put(all)
    }
}

/// Finds out which tags packages need.
package enum TagPlan {
    /// What each tag should name at least, by tag.
    ///
    /// - Parameters:
    ///   - packages: those whose tags are meant.
    ///   - others: further ones that the index names; those of the same name and version share the tag.
    /// - Throws: `PackageTextError` for a tag that would be too long.
    package static func wanted(
        by packages: [RepositoryPackage], beside others: [RepositoryPackage]
    ) throws(PackageTextError) -> [String: TagContent] {
        var tags: [String: TagContent] = [:]
        var keys: [Version: String] = [:]
        for package in packages {
            let tag = try PackageTag.tag(package.metadata.name, package.metadata.version)
            keys[Version(package)] = tag
            tags[tag, default: TagContent([:])].manifests[package.metadata.architecture] = package.manifest
        }
        for package in others {
            guard let tag = keys[Version(package)] else { continue }
            tags[tag]?.manifests[package.metadata.architecture] = package.manifest
        }
        return tags
    }

    private struct Version: Hashable {
        let name: PackageName
        let version: PackageVersion

        init(_ package: RepositoryPackage) {
            name = package.metadata.name
            version = package.metadata.version
        }
    }
}
