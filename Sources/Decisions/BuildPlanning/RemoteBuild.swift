import Faults
import JSONText
package import PackageModel
package import RegistryModel

/// What came out of a build, as a cache in a registry has it: a document that is signed.
///
/// It names the whole key, so that it counts for this key and no other, under whatever tag somebody puts it. It travels in
/// an annotation of the package's manifest, and the signatures over it in another.
package struct RemoteBuild: Equatable, Sendable {
    /// What the document says it is: nothing else that the same key signs can be taken for one.
    private static let type = "application/vnd.lifeboot.build.v1"
    /// The annotation of a manifest that holds it.
    package static let annotation = "io.lifeboot.build"
    /// The annotation of a manifest that holds the signatures over it, in the format of `manifest.sig`.
    package static let signatureAnnotation = "io.lifeboot.build.signatures"
    /// The longest one that is read, in bytes: a manifest has to hold it.
    package static let sizeLimit = 1 << 20
    /// The digits of a key that are in its tag.
    private static let tagDigits = 32

    /// The key of the artefact, all its hexadecimal digits.
    package var key: String
    /// The package that was built and its version, for people: others with the same inputs have the same key.
    package var identity: String
    /// The package itself, then what was split off.
    package var outputs: [BuildOutput]

    /// Describes what came out of a build.
    package init(_ identity: String, key: String, outputs: [BuildOutput]) {
        self.identity = identity
        self.key = key
        self.outputs = outputs
    }

    /// Reads the document, once its signature is known to be good.
    ///
    /// - Throws: `RegistryModelError` for anything but such a document.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: bytes, maximum: Self.sizeLimit, operation: "reading what a cache has of a build",
            remedy: "Build the package, and write it to the cache again.")
        guard try reader.text("type") == Self.type else { throw reader.fault("type", "expected '\(Self.type)'") }
        var outputs: [BuildOutput] = []
        for child in try reader.children("outputs", atMost: BuildOutput.limit) {
            outputs.append(try BuildOutput(child))
        }
        self.init(try reader.text("package"), key: try reader.text("key"), outputs: outputs)
    }

    /// The document's bytes: equal builds give equal ones.
    package func serialized() -> [UInt8] {
        JSONValue.object([
            "type": .string(Self.type), "key": .string(key), "package": .string(identity),
            "outputs": .array(outputs.map(\.json)),
        ]).serialized()
    }

    /// The tag under which a cache has what was made with a key.
    ///
    /// - Parameter part: the number of what was split off, from 1; nil for the package itself.
    package static func tag(of key: String, part: Int? = nil) -> String {
        "build-\(key.prefix(tagDigits))" + (part.map { "-\($0)" } ?? "")
    }

    /// What came out, under the names of the packages that want it.
    ///
    /// - Returns: nil when it is not of this key, or does not have as many parts as are wanted.
    package func outputs(for key: String, named names: [PackageName]) -> [BuildOutput]? {
        guard self.key == key, outputs.count == names.count else { return nil }
        return zip(outputs, names).map { output, name in
            var output = output
            output.name = name
            return output
        }
    }
}
