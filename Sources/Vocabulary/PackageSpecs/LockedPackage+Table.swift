import DocumentTree
import ImageModel
import JSONText
import PackageModel

/// An entry of `packages` as it is written.
private struct LockedPackageKeys: Sendable {
    var name: PackageName?
    var version: PackageVersion?
    var architecture = ""
    var repository = ""
    var manifest: Digest?
    var requires: [PackageRequest] = []
    var conflicts: [PackageRequest] = []
    var provides: [PackageRequest] = []

    static let table = DocumentTable<LockedPackageKeys>(
        "a locked package",
        [
            DocumentKey("name", .packageName, required: true, "Its name.") { $0.name = $1 },
            DocumentKey("version", .packageVersion, required: true, "Its version.") { $0.version = $1 },
            DocumentKey("architecture", .line, required: true, "Its architecture in Go's words, or `all`.") {
                $0.architecture = $1
            },
            DocumentKey("repository", .line, required: true, "Where it is taken from: a key of `repositories`.") {
                $0.repository = $1
            },
            DocumentKey("manifest", .registryDigest, required: true, "The digest of its manifest there.") {
                $0.manifest = $1
            },
            DocumentKey("requires", .list(of: .request, "a request"), default: [], "What it requires.") {
                $0.requires = $1
            },
            DocumentKey(
                "conflicts", .list(of: .request, "a request"), default: [], "What must not be in an image with it."
            ) { $0.conflicts = $1 },
            DocumentKey(
                "provides", .list(of: .request, "a request"), default: [], "Names under which it counts as well."
            ) { $0.provides = $1 },
        ])

    /// Nil only without a required key, which the table refuses.
    var package: LockedPackage? {
        guard let name, let version, let manifest else { return nil }
        var package = LockedPackage(
            name, version, architecture: architecture, repository: repository, manifest: manifest)
        (package.requires, package.conflicts, package.provides) = (requires, conflicts, provides)
        return package
    }
}

extension DocumentValue where Value == [LockedPackage] {
    /// The key `packages` of a lock; one version of a name.
    static var lockedPackages: Self {
        Self(.list(.table(LockedPackageKeys.table.entries))) { (node, name) throws(DocumentError) in
            var packages: [LockedPackage] = []
            var names: Set<PackageName> = []
            for node in try node.elements(name) {
                var keys = LockedPackageKeys()
                try LockedPackageKeys.table.read(node, into: &keys)
                guard let package = keys.package else { continue }
                guard names.insert(package.name).inserted else {
                    throw DocumentError(at: node.mark, "\(package.name) is locked twice")
                }
                packages.append(package)
            }
            return packages
        }
    }
}
