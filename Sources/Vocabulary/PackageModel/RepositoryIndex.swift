package import ImageModel
import JSONText
package import RegistryModel

/// A package as a repository has it.
package struct RepositoryPackage: Equatable, Sendable {
    /// What it says of itself.
    package var metadata: PackageMetadata
    /// SHA-256 of its manifest in the registry.
    package var manifest: Digest
    /// SHA-256 of its layer, compressed; nil for a package without files.
    package var layer: Digest?
    /// Bytes to fetch.
    package var size: Int64
    /// Bytes of its files when they are unpacked.
    package var installedSize: Int64
    /// SHA-256 of the manifest with its list of files; nil when nobody made one.
    package var details: Digest?
    /// The key of the build that it came from, in hexadecimal digits; nil when it was not built here.
    package var buildKey: String?

    /// Describes a package in a repository; what has a default can be set afterwards.
    package init(_ metadata: PackageMetadata, manifest: Digest, layer: Digest?, size: Int64, installedSize: Int64) {
        self.metadata = metadata
        self.manifest = manifest
        self.layer = layer
        self.size = size
        self.installedSize = installedSize
    }

    fileprivate init(_ reader: DocumentReader) throws(RegistryModelError) {
        self.init(
            try PackageMetadata(reader), manifest: try reader.digest("manifest"),
            layer: reader.object["layer"] == nil ? nil : try reader.digest("layer"),
            size: try reader.integer("size", in: 0...1 << 50),
            installedSize: try reader.integer("installed", in: 0...1 << 50))
        details = reader.object["details"] == nil ? nil : try reader.digest("details")
        buildKey = try reader.optionalText("buildKey")
    }

    fileprivate var json: JSONValue {
        var object = metadata.json
        object["manifest"] = .string(manifest.registryText)
        object["layer"] = layer.map { .string($0.registryText) }
        object["size"] = .integer(size)
        object["installed"] = .integer(installedSize)
        object["details"] = details.map { .string($0.registryText) }
        object["buildKey"] = buildKey.map { .string($0) }
        return .object(object)
    }
}

/// The one signed document that says what a repository has: readers go from it by digests alone.
package struct RepositoryIndex: Equatable, Sendable {
    /// The only version of the format.
    package static let format: Int64 = 1
    /// The largest one that is read, in bytes without compression.
    package static let sizeLimit = 64 << 20
    /// The most packages that are read.
    package static let packageLimit = 200_000
    /// The most indexes that one joins.
    package static let joinLimit = 16

    /// The repository's name: letters, digits, `.`, `_`, `-`.
    package var name: String
    /// Counts the publications; the first is 1.
    package var revision: Int64
    /// The manifest of the index before this one; nil for the first.
    package var previous: Digest?
    /// The manifests of further indexes whose packages it took over: of publications that crossed, or were cut.
    package var joined: [Digest] = []
    /// When it was made.
    package var created: UTCTime
    /// From when on it counts no more.
    package var expires: UTCTime
    /// The packages, by name, then version as text, then architecture.
    package var packages: [RepositoryPackage]

    /// Describes an index.
    package init(
        name: String, revision: Int64, previous: Digest?, created: UTCTime, expires: UTCTime,
        packages: [RepositoryPackage] = []
    ) {
        self.name = name
        self.revision = revision
        self.previous = previous
        self.created = created
        self.expires = expires
        self.packages = packages
    }

    /// Reads an index; the caller has checked its signature.
    ///
    /// - Throws: `RegistryModelError` with the place of the first fault; for a package that it names twice, too.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: bytes, maximum: Self.sizeLimit, operation: "reading the repository's index",
            remedy: "Ask who publishes it.")
        guard try reader.integer("format", in: 0...Int64.max) == Self.format else {
            throw reader.fault("format", "this program reads only format \(Self.format)")
        }
        self.init(
            name: try reader.text("name"), revision: try reader.integer("revision", in: 1...Int64.max),
            previous: reader.object["previous"] == nil ? nil : try reader.digest("previous"),
            created: try reader.time("created"), expires: try reader.time("expires"))
        joined = try reader.digests("joined", atMost: Self.joinLimit)
        guard ManifestText.isName(name) else { throw reader.fault("name", "\(name.quoted) is no name") }
        guard created < expires else { throw reader.fault("expires", "it is not after 'created'") }
        for child in try reader.children("packages", atMost: Self.packageLimit) {
            packages.append(try RepositoryPackage(child))
        }
        var seen: Set<String> = []
        for package in packages where !seen.insert(package.identity).inserted {
            throw reader.fault("packages", "\(package.identity) is named twice")
        }
    }

    /// The document, canonical: the same packages give the same bytes.
    package func serialized() -> [UInt8] {
        var object: JSONObject = [
            "format": .integer(Self.format), "name": .string(name), "revision": .integer(revision),
        ]
        object["previous"] = previous.map { .string($0.registryText) }
        if !joined.isEmpty { object["joined"] = .array(joined.map { .string($0.registryText) }) }
        object["created"] = .string(created.description)
        object["expires"] = .string(expires.description)
        object["packages"] = .array(packages.sorted { $0.isBefore($1) }.map(\.json))
        return JSONValue.object(object).serialized() + [0x0A]
    }
}

extension RepositoryPackage {
    /// Name, version and architecture, for people; no two packages of an index have the same.
    package var identity: String { "\(metadata.name) \(metadata.version) \(metadata.architecture)" }

    fileprivate func isBefore(_ other: RepositoryPackage) -> Bool {
        let (own, its) = (metadata, other.metadata)
        if own.name != its.name { return own.name < its.name }
        return (own.version.description, own.architecture) < (its.version.description, its.architecture)
    }
}

extension DocumentReader {
    fileprivate func digests(_ name: String, atMost limit: Int) throws(RegistryModelError) -> [Digest] {
        var digests: [Digest] = []
        for element in try elements(name, atMost: limit) ?? [] {
            guard let digest = element.text.flatMap({ Digest(registryText: $0) }) else {
                throw fault(name, "expected digests")
            }
            digests.append(digest)
        }
        return digests
    }

    fileprivate func time(_ name: String) throws(RegistryModelError) -> UTCTime {
        guard let time = UTCTime(try text(name)) else {
            throw fault(name, "expected a time as in '2026-11-23T11:45:29Z'")
        }
        return time
    }
}
