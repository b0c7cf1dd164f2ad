import Faults
package import JSONText
package import RegistryModel

/// Describes a package to people and to the solver; it travels in the label `io.lifeboot.package` of its image.
package struct PackageMetadata: Equatable, Sendable {
    /// The label of an image's configuration that holds it as JSON.
    package static let label = "io.lifeboot.package"
    /// The largest one that is read, in bytes.
    package static let sizeLimit = 256 * 1024
    /// The most requests of one kind that are read.
    private static let requestLimit = 1024

    /// The package.
    package var name: PackageName
    /// Its version.
    package var version: PackageVersion
    /// The architecture in Go's words, such as `amd64`; `all` when it runs on any.
    package var architecture: String
    /// What has to be in an image with it.
    package var requires: [PackageRequest] = []
    /// What must not be in an image with it.
    package var conflicts: [PackageRequest] = []
    /// Names under which it counts as well; a version, if any, is meant exactly.
    package var provides: [PackageRequest] = []
    /// Commands that run once in an image, after all packages are in it.
    package var finalize: [String] = []
    /// Globs of what it may replace of packages below it in an image.
    package var overrides: [String] = []
    /// What it was built on, all the way down: names of packages, and digests of images.
    package var builtOn: [String] = []
    /// Whether lists leave it out.
    package var isHidden = false
    /// What it is, in a sentence; empty when nobody said it.
    package var summary = ""
    /// Its licence as an SPDX expression.
    package var license: String?
    /// Where to read about it.
    package var homepage: String?
    /// Further words of who made it.
    package var labels: [String: String] = [:]

    /// Describes a package; what has a default can be set afterwards.
    package init(_ name: PackageName, _ version: PackageVersion, architecture: String) {
        self.name = name
        self.version = version
        self.architecture = architecture
    }

    /// Reads the label's text.
    ///
    /// - Throws: `RegistryModelError` with the place of the first fault.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        try self.init(
            DocumentReader(
                parsing: bytes, maximum: Self.sizeLimit, operation: "reading the package's description",
                remedy: "Build the package again."))
    }

    /// Reads the members of an object; others are passed over, for versions to come.
    ///
    /// - Throws: `RegistryModelError` with the place of the first fault.
    package init(_ reader: DocumentReader) throws(RegistryModelError) {
        self.init(
            try reader.packageName("name"), try reader.packageVersion("version"),
            architecture: try reader.text("architecture"))
        requires = try Self.requests(reader, "requires")
        conflicts = try Self.requests(reader, "conflicts")
        provides = try Self.requests(reader, "provides")
        finalize = try Self.texts(reader, "finalize")
        overrides = try Self.texts(reader, "overrides")
        builtOn = try Self.texts(reader, "builtOn")
        isHidden = reader.object["hidden"] == true
        summary = try reader.optionalText("description") ?? ""
        license = try reader.optionalText("license")
        homepage = try reader.optionalText("homepage")
        labels = try reader.texts("labels")
    }

    private static func requests(
        _ reader: DocumentReader, _ name: String
    ) throws(RegistryModelError) -> [PackageRequest] {
        var requests: [PackageRequest] = []
        for element in try reader.elements(name, atMost: requestLimit) ?? [] {
            guard let text = element.text else { throw reader.fault(name, "expected strings") }
            do throws(PackageTextError) { requests.append(try PackageRequest(parsing: text)) } catch {
                throw reader.fault(name, error.cause)
            }
        }
        return requests
    }

    private static func texts(_ reader: DocumentReader, _ name: String) throws(RegistryModelError) -> [String] {
        var texts: [String] = []
        for element in try reader.elements(name, atMost: requestLimit) ?? [] {
            guard let text = element.text else { throw reader.fault(name, "expected strings") }
            texts.append(text)
        }
        return texts
    }

    /// The members, in a fixed order; what is empty is left out.
    package var json: JSONObject {
        var object: JSONObject = [
            "name": .string("\(name)"), "version": .string("\(version)"), "architecture": .string(architecture),
        ]
        for (key, requests) in [("requires", requires), ("conflicts", conflicts), ("provides", provides)]
        where !requests.isEmpty {
            object[key] = .array(requests.map { .string("\($0)") })
        }
        for (key, texts) in [("finalize", finalize), ("overrides", overrides), ("builtOn", builtOn)]
        where !texts.isEmpty {
            object[key] = .array(texts.map { .string($0) })
        }
        if isHidden { object["hidden"] = true }
        if !summary.isEmpty { object["description"] = .string(summary) }
        object["license"] = license.map { .string($0) }
        object["homepage"] = homepage.map { .string($0) }
        if !labels.isEmpty {
            var words = JSONObject()
            for (key, value) in labels.sorted(by: { $0.key < $1.key }) { words[key] = .string(value) }
            object["labels"] = .object(words)
        }
        return object
    }
}

extension DocumentReader {
    /// The name of a package.
    package func packageName(_ name: String) throws(RegistryModelError) -> PackageName {
        let text = try text(name)
        do throws(PackageTextError) { return try PackageName(parsing: text) } catch { throw fault(name, error.cause) }
    }

    /// The version of a package.
    package func packageVersion(_ name: String) throws(RegistryModelError) -> PackageVersion {
        let text = try text(name)
        do throws(PackageTextError) { return try PackageVersion(parsing: text) } catch {
            throw fault(name, error.cause)
        }
    }
}
