import Cryptography
import Faults
import ImageModel
import JSONText
import PackageModel
import RegistryAccess
import RegistryModel

/// Says in a repository that it is being pruned, and what goes: the tag `prune`.
///
/// Who publishes announces the new index first and looks for the mark then; who prunes sets the mark first and looks for
/// announced indexes then. So one of both sees the other, whoever is faster.
struct PruneMark: Equatable, Sendable {
    /// The tag.
    static let tag = "prune"
    /// The most documents that one prune deletes, and that a mark names.
    static let limit = 100_000

    /// How a mark is stored.
    private static let kind = SignedArtifact(
        type: MediaType.pruneMark, documentType: "application/json", documentTitle: "prune.json",
        signatureTitle: "prune.sig", maximumLength: 16 << 20, name: "mark of a prune",
        remedy: "Run 'boatyard repository prune' again.")

    /// The documents that go.
    var digests: Set<Digest>
    /// Tells it from the mark of another prune of the same documents, which must not take this one away when it ends.
    var number = UInt64.random(in: 0...UInt64.max)

    /// Sets the mark.
    ///
    /// - Returns: its manifest, by which it is removed.
    /// - Throws: as the target.
    func put(in target: inout some RepositoryTarget & ~Copyable) throws -> Digest {
        let json: JSONValue = [
            "format": 1, "number": .string(String(number, radix: 16)),
            "digests": .array(digests.map(\.registryText).sorted().map { .string($0) }),
        ]
        let parts = try Self.kind.parts(of: json.serialized(), signatures: [])
        for part in parts.layers + [parts.config] { _ = try target.push(part.blob, .bytes(part.bytes)) }
        return try target.push(manifest: parts.manifest.bytes, mediaType: parts.manifest.mediaType, tag: Self.tag)
    }

    /// Reads the mark; nil when there is none.
    ///
    /// - Throws: as the source; `RegistryModelError` for a mark that is malformed, which is not the same as none.
    static func read(in source: inout some BlobSource & ~Copyable) throws -> PruneMark? {
        guard let top = try source.manifest(tag: tag) else { return nil }
        let (bytes, _) = try kind.read(top, from: &source, check: nil)
        let reader = try DocumentReader(
            parsing: bytes, maximum: kind.maximumLength, operation: "reading the mark of a prune", remedy: kind.remedy)
        var digests: Set<Digest> = []
        for element in try reader.elements("digests", atMost: limit) ?? [] {
            guard let digest = element.text.flatMap({ Digest(registryText: $0) }) else {
                throw reader.fault("digests", "expected digests")
            }
            digests.insert(digest)
        }
        return PruneMark(digests: digests)
    }
}
