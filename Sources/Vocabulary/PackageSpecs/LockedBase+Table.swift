import DocumentTree
import ImageModel
import JSONText
import PackageModel

/// `base` of a lock as it is written.
private struct LockedBaseKeys: Sendable {
    var reference = ""
    var layer: String?
    var version: PackageVersion?
    var manifest: Digest?
    var packages: [PackageMetadata] = []

    static let table = DocumentTable<LockedBaseKeys>(
        "the base",
        [
            DocumentKey(
                "reference", .line, required: true,
                "The image, or where the layer below has its images, as files say it."
            ) { $0.reference = $1 },
            DocumentKey("layer", .word, "The name of the layer below.") { $0.layer = $1 },
            DocumentKey("version", .packageVersion, "The version of this layer's image.") { $0.version = $1 },
            DocumentKey("manifest", .registryDigest, required: true, "The digest of the document that was taken.") {
                $0.manifest = $1
            },
            DocumentKey("packages", .basePackages, default: [], "The packages that it has.") { $0.packages = $1 },
        ])
}

/// A package of a base as it is written.
private struct BasePackageKeys: Sendable {
    var name: PackageName?
    var version: PackageVersion?
    var conflicts: [PackageRequest] = []
    var provides: [PackageRequest] = []

    static let table = DocumentTable<BasePackageKeys>(
        "a package of the base",
        [
            DocumentKey("name", .packageName, required: true, "Its name.") { $0.name = $1 },
            DocumentKey("version", .packageVersion, required: true, "Its version.") { $0.version = $1 },
            DocumentKey(
                "conflicts", .list(of: .request, "a request"), default: [], "What must not be in an image with it."
            ) { $0.conflicts = $1 },
            DocumentKey(
                "provides", .list(of: .request, "a request"), default: [], "Names under which it counts as well."
            ) { $0.provides = $1 },
        ])

    /// Nil only without a required key, which the table refuses.
    var package: PackageMetadata? {
        guard let name, let version else { return nil }
        var package = PackageMetadata(name, version, architecture: "all")
        (package.conflicts, package.provides) = (conflicts, provides)
        return package
    }
}

extension DocumentValue where Value == [PackageMetadata] {
    /// The packages of a base.
    fileprivate static var basePackages: Self {
        Self(.list(.table(BasePackageKeys.table.entries))) { (node, name) throws(DocumentError) in
            var packages: [PackageMetadata] = []
            for node in try node.elements(name) {
                var keys = BasePackageKeys()
                try BasePackageKeys.table.read(node, into: &keys)
                if let package = keys.package { packages.append(package) }
            }
            return packages
        }
    }
}

extension DocumentValue where Value == LockedBase? {
    /// The key `base` of a lock.
    static var lockedBase: Self {
        Self(.table(LockedBaseKeys.table.entries)) { (node, _) throws(DocumentError) in
            var keys = LockedBaseKeys()
            try LockedBaseKeys.table.read(node, into: &keys)
            guard let manifest = keys.manifest else { return nil }
            var base = LockedBase(keys.reference, layer: keys.layer, version: keys.version, manifest: manifest)
            base.packages = keys.packages
            return base
        }
    }
}

extension LockedBase {
    /// What the lock has of it.
    var json: JSONObject {
        var object: JSONObject = ["reference": .string(reference)]
        object["layer"] = layer.map { .string($0) }
        object["version"] = version.map { .string("\($0)") }
        object["manifest"] = .string(manifest.registryText)
        if !packages.isEmpty { object["packages"] = .array(packages.map { .object(Self.json(of: $0)) }) }
        return object
    }

    private static func json(of package: PackageMetadata) -> JSONObject {
        var object: JSONObject = ["name": .string("\(package.name)"), "version": .string("\(package.version)")]
        for (key, requests) in [("conflicts", package.conflicts), ("provides", package.provides)]
        where !requests.isEmpty {
            object[key] = .array(requests.map { .string("\($0)") })
        }
        return object
    }
}
