import DocumentTree
package import PackageModel

/// Joins what several places offer: what there is for an image, in the order in which it is taken.
package struct PackageCatalogue: Sendable {
    /// A package, and which repository has it.
    package struct Entry: Sendable {
        /// The package.
        package let package: OfferedPackage
        /// The number of its repository; 0 is the top layer's.
        package let repository: Int
    }

    /// The image's architecture, in Go's words.
    package let architecture: String
    /// The names of the offers, the one that is taken first in front.
    package let repositories: [String]
    /// What an image of the architecture can have: by name, then what is taken first in front.
    ///
    /// The higher layer comes before the lower one, whatever the version; then the higher version; then the package for this very architecture.
    package let entries: [Entry]
    /// The same packages, to look them up.
    package let set: PackageSet
    /// The packages for other architectures.
    let foreign: PackageSet

    /// Joins repositories, top layer first.
    package init(_ repositories: [RepositoryIndex], architecture: String) {
        self.init(repositories.map { PackageOffer($0) }, architecture: architecture)
    }

    /// Joins offers, the one that is taken first in front.
    package init(_ offers: [PackageOffer], architecture: String) {
        self.architecture = architecture
        repositories = offers.map(\.name)
        var groups: [PackageName: [Entry]] = [:]
        var foreign: [PackageMetadata] = []
        for (number, offer) in offers.enumerated() {
            for package in offer.packages {
                if [architecture, "all"].contains(package.metadata.architecture) {
                    groups[package.metadata.name, default: []].append(Entry(package: package, repository: number))
                } else {
                    foreign.append(package.metadata)
                }
            }
        }
        entries = groups.keys.sorted().flatMap { Self.ordered(groups[$0] ?? []) }
        set = PackageSet(entries.map(\.package.metadata))
        self.foreign = PackageSet(foreign)
    }

    /// Orders the packages of one name; of one version in one repository the package for the architecture stays alone.
    private static func ordered(_ entries: [Entry]) -> [Entry] {
        var seen: Set<String> = []
        return entries.sorted { $0.comes(before: $1) }.filter {
            seen.insert("\($0.repository) \($0.package.metadata.version)").inserted
        }
    }

    /// The versions that there are of a name, best first, each once; those that others provide come last.
    func versions(of name: PackageName) -> [PackageVersion] {
        let own = set.packages(named: name).map { set.packages[$0].version }
        let provided = set.providers(of: name).flatMap { set.packages[$0].provides }
            .filter { $0.name == name }.compactMap(\.versions.exactVersion)
            .sorted { ($0.compared(to: $1), $1.description) > (0, $0.description) }
        var seen: Set<PackageVersion> = []
        return (own + provided).filter { seen.insert($0).inserted }
    }

    /// Other versions of a package than those given: versions that are there, but that a request does not take.
    func others(
        than taken: NamedVersions, refusedBy need: PackageRequest, where fits: (PackageMetadata) -> Bool
    ) -> [PackageVersion] {
        let found = set.packages(named: taken.name).filter { index in
            !set.packages[index].satisfies(need) && fits(set.packages[index])
        }
        var seen = Set(taken.versions)
        return found.map { set.packages[$0].version }.filter { seen.insert($0).inserted }
    }

    /// Names that somebody may have meant: the same in other categories, and one that is a slip away.
    func near(_ name: PackageName) -> [PackageName] {
        let alike = set.names.filter { $0.name == name.name }.sorted()
        let nearest = set.names.sorted().map(\.description).nearest(to: name.description)
        return alike + set.names.filter { $0.description == nearest && !alike.contains($0) }
    }
}

extension PackageCatalogue.Entry {
    fileprivate func comes(before other: PackageCatalogue.Entry) -> Bool {
        if repository != other.repository { return repository < other.repository }
        let (own, its) = (package.metadata, other.package.metadata)
        let order = own.version.compared(to: its.version)
        if order != 0 { return order > 0 }
        if own.version != its.version { return own.version.description > its.version.description }
        return own.architecture != "all" && its.architecture == "all"
    }
}
