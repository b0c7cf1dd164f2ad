import Faults
import ImageModel
import JSONText
import RegistryModel
import Testing

@testable import PackageModel

@Suite("The index of a repository")
struct RepositoryIndexTests {
    private static func package(
        _ name: String, _ version: String, _ architecture: String = "amd64"
    ) throws
        -> RepositoryPackage
    {
        let metadata = PackageMetadata(
            try PackageName(parsing: name), try PackageVersion(parsing: version), architecture: architecture)
        return RepositoryPackage(
            metadata, manifest: try #require(Digest(bytes: [UInt8](repeating: 1, count: 32))), layer: nil, size: 5,
            installedSize: 9)
    }

    private static func index(_ packages: [RepositoryPackage]) throws -> RepositoryIndex {
        RepositoryIndex(
            name: "foundation", revision: 3, previous: nil, created: try #require(UTCTime("2026-11-28T00:00:00Z")),
            expires: try #require(UTCTime("2026-12-28T00:00:00Z")), packages: packages)
    }

    private static func full() throws -> RepositoryPackage {
        var package = try package("app/tide", "1.0.0")
        package.metadata.requires = [try PackageRequest(parsing: "system/base >= 12, < 13")]
        package.metadata.conflicts = [try PackageRequest(parsing: "app/ebb")]
        package.metadata.provides = [try PackageRequest(parsing: "app/clock = 1")]
        package.metadata.isHidden = true
        (package.metadata.overrides, package.metadata.builtOn) = (["/etc/x"], ["a/low", "sha256:0"])
        package.metadata.finalize = ["systemctl enable tide"]
        package.metadata.summary = "Tells the tide"
        package.metadata.license = "Apache-2.0"
        package.metadata.homepage = "https://tide.example"
        package.metadata.labels = ["b": "2", "a": "1"]
        package.layer = package.manifest
        package.details = package.manifest
        package.buildKey = "00ff"
        return package
    }

    @Test("is read as it was written, and written the same in whatever order its packages come")
    func roundTrip() throws {
        let packages = [
            try Self.full(), try Self.package("a/b", "2"), try Self.package("a/b", "10"),
            try Self.package("a/b", "10", "arm64"),
        ]
        var index = try Self.index(packages)
        index.previous = packages[0].manifest
        let bytes = index.serialized()
        let read = try RepositoryIndex(parsing: bytes)
        #expect(read.serialized() == bytes)
        #expect(
            read.packages.map(\.identity) == ["a/b 10 amd64", "a/b 10 arm64", "a/b 2 amd64", "app/tide 1.0.0 amd64"])
        #expect(read.packages.last == packages[0] && read.previous == index.previous && read.revision == 3)
        index.packages.reverse()
        #expect(index.serialized() == bytes)
    }

    @Test("knows a package's description as its image carries it")
    func label() throws {
        let metadata = try Self.full().metadata
        #expect(try PackageMetadata(parsing: JSONValue.object(metadata.json).serialized()) == metadata)
    }

    @Test(
        "that is wrong is refused with the place",
        arguments: [
            (#""format":1"#, #""format":2"#, "$.format"), (#""revision":3"#, #""revision":0"#, "$.revision"),
            ("2026-12-28", "2026-11-28", "$.expires"), ("foundation", ".", "$.name"),
            (#""version":"2""#, #""version":"x""#, "$.packages[0].version"), ("a/b", "ab", "$.packages[0].name"),
            (#""size":5"#, #""size":-1"#, "$.packages[0].size"), ("sha256:", "md5:", "$.packages[0].manifest"),
            ("{\"format", "[{\"format", "$"),
        ])
    func refused(part: String, replacement: String, place: String) throws {
        let text = String(decoding: try Self.index([try Self.package("a/b", "2")]).serialized(), as: UTF8.self)
        let wrong = text.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false).joined(
            separator: replacement)
        #expect(wrong != text)
        let error = #expect(throws: RegistryModelError.self) { try RepositoryIndex(parsing: Array(wrong.utf8)) }
        #expect(error?.subject == place)
    }

    @Test("that names a package twice is refused")
    func twice() throws {
        let index = try Self.index([try Self.package("a/b", "2"), try Self.package("a/b", "2")])
        let error = #expect(throws: RegistryModelError.self) { try RepositoryIndex(parsing: index.serialized()) }
        #expect(error?.cause.contains("a/b 2 amd64 is named twice") == true)
    }
}
