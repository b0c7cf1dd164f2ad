import JSONText
import LinuxSystem
import OutputSchemas
import SystemPackage
import Testing

/// Runs the real program on what the real buildah has left.
@Suite("boatyard cache", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct CacheInteropTests {
    private static let buildah =
        "buildah --root cache/store-overlay/root --runroot cache/store-overlay/run --storage-driver overlay"

    /// The document that a verb prints.
    private static func document(_ verb: [String], _ layer: BuiltLayer) throws -> JSONValue {
        let words = ["cache"] + verb + ["--cache-dir", layer.cache.string, "--json"]
        let outcome = try ChildProcess.run(
            BuiltLayer.program.string, words, environment: BuiltLayer.environment(), timeout: .seconds(120)
        ).requireSuccess()
        let document = try JSONValue(parsing: outcome.standardOutput)
        if verb == ["list"] { try OutputSchema.check(document, "cache-list") }
        if verb == ["verify"] { try OutputSchema.check(document, "cache-verify") }
        return document
    }

    @Test("counts what buildah keeps, and removes what a killed build has left of it")
    func stores() throws {
        let layer = try BuiltLayer.copy()
        let before = try #require(Self.document(["list"], layer)["stores"]?.integer)
        let kept = try layer.run("ls cache/store-overlay/kept")
        #expect(before > 0 && !kept.isEmpty)
        try layer.run(
            """
            head -c 5000000 /dev/urandom >left; c=$(\(Self.buildah) from scratch)
            \(Self.buildah) copy -q $c left /left; \(Self.buildah) commit -q $c localhost/left
            """)
        let list = try Self.document(["list"], layer)
        let stores = try #require(list["stores"]?.integer)
        #expect(stores > before + 9_000_000)
        let blobs = try layer.run("cat cache/blobs/sha256/* | wc -c").split(separator: "\n").first.flatMap { Int64($0) }
        #expect(try list["size"]?.integer == stores + #require(blobs))
        _ = try Self.document(["prune", "--size", "1T"], layer)
        #expect(try layer.run("\(Self.buildah) containers -q") == "")
        #expect(try layer.run("\(Self.buildah) images | grep left || true") == "")
        #expect(try layer.run("ls cache/store-overlay/kept") == kept)
        #expect(try #require(Self.document(["list"], layer)["stores"]?.integer) < before + 100_000)
    }
}
