import Faults
package import ImageModel
import JSONText
package import PackageModel
package import RegistryModel

/// One package that came out of a build.
package struct BuildOutput: Equatable, Sendable {
    /// The package.
    package var name: PackageName
    /// SHA-256 of its layer as it is stored, compressed; nil for a package without files.
    package var layer: Digest?
    /// SHA-256 of its layer before compression, which is what counts for packages built on it; nil without files.
    package var content: Digest?
    /// Bytes of the layer as it is stored.
    package var size: Int64
    /// Bytes of its files.
    package var installedSize: Int64
    /// The most that one build may give.
    static let limit = 4096

    /// A package without files.
    package init(_ name: PackageName) {
        self.name = name
        size = 0
        installedSize = 0
    }

    /// A package with files.
    package init(_ name: PackageName, layer: Digest, content: Digest, size: Int64, installedSize: Int64) {
        self.name = name
        self.layer = layer
        self.content = content
        self.size = size
        self.installedSize = installedSize
    }
}

/// What a build was made of and what came out: kept beside the artefacts, a file for each key.
package struct BuildRecord: Equatable, Sendable {
    /// The only version of the format.
    private static let format: Int64 = 1
    /// The largest file that is read, in bytes: a package's folder may have many files.
    package static let sizeLimit = 64 << 20

    /// The package and its version, for people.
    package var identity: String
    /// What entered the key of the build.
    package var build: BuildInputs
    /// What entered the key of the artefact.
    package var artefact: BuildInputs
    /// The package itself, then what was split off.
    package var outputs: [BuildOutput]
    /// The cache in a registry that it was taken from, as people type it; nil for what was built here.
    package var origin: String?

    /// Describes a build; what has a default can be set afterwards.
    package init(_ identity: String, build: BuildInputs, artefact: BuildInputs, outputs: [BuildOutput]) {
        self.identity = identity
        self.build = build
        self.artefact = artefact
        self.outputs = outputs
    }

    /// Reads a record.
    ///
    /// - Throws: `RegistryModelError` for anything but a record of this format; then the build is made again.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: bytes, maximum: Self.sizeLimit, operation: "reading the record of a build",
            remedy: "Remove the file; the package is built again.")
        guard try reader.integer("format", in: 0...Int64.max) == Self.format else {
            throw reader.fault("format", "it was written by another boatyard")
        }
        guard let build = BuildInputs(reader.object["build"]), let artefact = BuildInputs(reader.object["artefact"])
        else { throw reader.fault("build", "it does not say what it was made of") }
        var outputs: [BuildOutput] = []
        for child in try reader.children("outputs", atMost: BuildOutput.limit) {
            outputs.append(try BuildOutput(child))
        }
        self.init(try reader.text("package"), build: build, artefact: artefact, outputs: outputs)
        origin = try reader.optionalText("origin")
    }

    /// The file's bytes.
    package func serialized() -> [UInt8] {
        var object: JSONObject = [
            "format": .integer(Self.format), "package": .string(identity), "build": .object(build.json),
            "artefact": .object(artefact.json), "outputs": .array(outputs.map(\.json)),
        ]
        object["origin"] = origin.map { .string($0) }
        return JSONValue.object(object).serialized(indented: true) + [0x0A]
    }

    /// The first input that differs in an older build.
    ///
    /// - Returns: nil when both give the same keys.
    package func firstDifference(from older: BuildRecord) -> BuildDifference? {
        if let difference = build.firstDifference(from: older.build) { return difference }
        // The key of the build, which is among the artefact's, is the same then.
        return artefact.firstDifference(from: older.artefact)
    }
}

extension BuildOutput {
    /// Reads what `json` gives.
    init(_ reader: DocumentReader) throws(RegistryModelError) {
        self.init(try reader.packageName("name"))
        guard reader.object["layer"] != nil else { return }
        layer = try reader.digest("layer")
        content = try reader.digest("content")
        size = try reader.integer("size", in: 0...1 << 50)
        installedSize = try reader.integer("installed", in: 0...1 << 50)
    }

    /// A package without files has its name alone.
    var json: JSONValue {
        var object: JSONObject = ["name": .string("\(name)")]
        guard let layer, let content else { return .object(object) }
        object["layer"] = .string(layer.registryText)
        object["content"] = .string(content.registryText)
        object["size"] = .integer(size)
        object["installed"] = .integer(installedSize)
        return .object(object)
    }
}
