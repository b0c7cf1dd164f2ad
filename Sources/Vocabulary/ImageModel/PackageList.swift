package import Faults
package import JSONText

/// What boatyard's packages an image consists of (`/usr/lib/lifeboot/packages.json`, docs/sbom.md).
package struct PackageList: Equatable, Sendable {
    /// One of them.
    package struct Entry: Equatable, Sendable {
        /// `category/name`.
        package var name: String
        /// Its version.
        package var version: String
        /// Digest of its layer; nil when nobody said it.
        package var digest: Digest?
        /// Its licence as an SPDX expression; nil when nobody said it.
        package var license: String?
        /// Names of the distribution's packages that it brought.
        package var contents: [String]
        /// Names under which it counts as well, as requests for packages.
        package var provides: [String] = []
        /// What must not be in an image with it, as requests for packages.
        package var conflicts: [String] = []
        /// What it was built on, all the way down: names of packages, and digests of images.
        package var builtOn: [String] = []

        /// Describes a package; what has a default can be set afterwards.
        package init(
            _ name: String, _ version: String, digest: Digest? = nil, license: String? = nil, contents: [String] = []
        ) {
            self.name = name
            self.version = version
            self.digest = digest
            self.license = license
            self.contents = contents
        }
    }

    /// The label of a container image's configuration that has the same text, for those who build on it.
    package static let label = "io.lifeboot.packages"

    /// Where it lies in a root filesystem.
    package static let path = "usr/lib/lifeboot/packages.json"
    /// The longest one that is read, in bytes.
    package static let sizeLimit = 1 << 20

    /// The packages, in the order in which they were joined.
    package var packages: [Entry]

    /// Lists packages.
    package init(_ packages: [Entry]) { self.packages = packages }

    /// Reads the file; members that are not known are passed over.
    ///
    /// - Throws: `PackageListError` for what is no such list, or too long.
    package init(parsing bytes: [UInt8]) throws(PackageListError) {
        guard bytes.count <= Self.sizeLimit else { throw .wrong("it is longer than \(Self.sizeLimit) bytes") }
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw .wrong(error.description) }
        guard value["format"]?.integer == 1, let elements = value["packages"]?.elements else {
            throw .wrong("expected \"format\": 1 and an array \"packages\"")
        }
        packages = []
        for (number, element) in elements.enumerated() {
            guard let entry = Entry(element) else { throw .wrong("$.packages[\(number)] has no name and version") }
            packages.append(entry)
        }
    }

    /// The document, members in a fixed order.
    package var json: JSONValue { ["format": 1, "packages": .array(packages.map { .object($0.object) })] }

    /// The packages of an image that lies on another one: those of the base first; what both have is the image's own.
    package func laid(on base: PackageList) -> PackageList {
        let names = Set(packages.map(\.name))
        return PackageList(base.packages.filter { !names.contains($0.name) } + packages)
    }

    /// The file's bytes; equal lists give equal bytes.
    package func serialized() -> [UInt8] { json.serialized(indented: true) + [0x0A] }
}

extension PackageList.Entry {
    fileprivate init?(_ value: JSONValue) {
        guard let name = value["name"]?.text, let version = value["version"]?.text else { return nil }
        self.init(name, version)
        digest = value["digest"]?.text.flatMap { Digest(registryText: $0) }
        license = value["license"]?.text
        contents = Self.texts(value["contents"])
        provides = Self.texts(value["provides"])
        conflicts = Self.texts(value["conflicts"])
        builtOn = Self.texts(value["builtOn"])
    }

    private static func texts(_ value: JSONValue?) -> [String] { value?.elements?.compactMap(\.text) ?? [] }

    fileprivate var object: JSONObject {
        var object: JSONObject = ["name": .string(name), "version": .string(version)]
        object["digest"] = digest.map { .string($0.registryText) }
        object["license"] = license.map { .string($0) }
        for (key, texts) in [
            ("contents", contents), ("provides", provides), ("conflicts", conflicts), ("builtOn", builtOn),
        ] where !texts.isEmpty {
            object[key] = .array(texts.map { .string($0) })
        }
        return object
    }
}

/// Says why a list of packages cannot be read.
package typealias PackageListError = Fault<PackageListFault>

/// There is one way: the text.
package enum PackageListFault: FaultKind {
    /// The text is no such list.
    case text
}

extension PackageListError {
    /// Says what is wrong with the text.
    static func wrong(_ cause: String) -> PackageListError {
        PackageListError(
            .text, "reading", "/\(PackageList.path)", cause: cause,
            remedy: "Build the image again with 'boatyard image build'.")
    }
}
