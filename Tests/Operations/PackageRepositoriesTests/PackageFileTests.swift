import Cryptography
import Faults
import Foundation
import ImageModel
import JSONText
import PackageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import PackageRepositories

@Suite struct PackageFileTests {
    @Test func `digests and sizes are those of the files`() throws {
        let fixture = try PackageFixture()
        let (layer, metadata) = try fixture.files("app/tide", "1.0", String(repeating: "x", count: 5_000))
        let package = try PackageFile.read(layer: layer, metadata: metadata)
        let built = try #require(package.layer)
        #expect(package.installedSize == 5_000)
        #expect(built.digest.hex == (try Tool.run("sh", ["-c", "sha256sum < \(layer)"])).prefix(64))
        #expect(built.diffID.hex == (try Tool.run("sh", ["-c", "gunzip < \(layer) | sha256sum"])).prefix(64))
        #expect(built.size == (try Data(contentsOf: URL(filePath: layer.string)).count))
    }

    @Test func `the image says what the package says, and is the same every time`() throws {
        let fixture = try PackageFixture()
        let package = try fixture.package("app/tide", "1.0", requires: ["system/base >= 12"])
        let image = try PackageDocuments(package)
        #expect(image == (try PackageDocuments(package)))
        let config = try ContainerConfig(parsing: image.config.bytes)
        let label = try #require(config.labels[PackageMetadata.label])
        #expect(try PackageMetadata(parsing: Array(label.utf8)) == package.metadata)
        #expect(config.diffIDs == [package.layer?.diffID])
        #expect(config.created == UTCTime(seconds: 0))
        let manifest = try ImageManifest(parsing: image.manifest)
        #expect(manifest.artifactType == "application/vnd.lifeboot.package.v1")
        #expect(manifest.layers.map(\.mediaType) == ["application/vnd.oci.image.layer.v1.tar+gzip"])
        #expect(image.entry.manifest == image.manifest.digest)
        #expect(image.details == nil && image.entry.details == nil)
    }

    @Test func `details are a document of their own about the package`() throws {
        let fixture = try PackageFixture()
        var package = try fixture.package("app/tide", "1.0")
        let plain = try PackageDocuments(package)
        let digest = try SHA256Hasher.digest(of: [1])
        package.details = [.init(title: "files.json.zst", mediaType: "a/b", path: "/x", digest: digest, size: 1)]
        package.buildKey = "00ff"
        let image = try PackageDocuments(package)
        #expect(image.manifest == plain.manifest)
        #expect(image.entry.buildKey == "00ff")
        let details = try ImageManifest(parsing: #require(image.details))
        #expect(image.entry.details == image.details?.digest)
        #expect(details.subject?.digest == image.manifest.digest)
        #expect(details.layers.map(\.title) == ["files.json.zst"])
    }

    @Test func `a folder gives its packages in the order of their names`() throws {
        let fixture = try PackageFixture()
        let folder = fixture.path("packages")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        func put(_ name: String, _ package: String, isVirtual: Bool = false) throws {
            let (layer, metadata) = try fixture.files(package, "1")
            try FileManager.default.moveItem(atPath: metadata.string, toPath: "\(folder)/\(name).json")
            if !isVirtual { try FileManager.default.moveItem(atPath: layer.string, toPath: "\(folder)/\(name).tar.gz") }
        }
        #expect(throws: PackageRepositoryError.self) { try PackageFile.all(in: folder) }
        try put("b", "app/one")
        try put("a", "app/two", isVirtual: true)
        let packages = try PackageFile.all(in: folder)
        #expect(packages.map(\.metadata.name.description) == ["app/two", "app/one"])
        #expect(packages.map { $0.layer == nil } == [true, false])
        try FileManager.default.removeItem(atPath: "\(folder)/b.json")
        let error = #expect(throws: PackageRepositoryError.self) { try PackageFile.all(in: folder) }
        #expect(error?.cause == "there is no b.json beside it")
    }

    @Test(arguments: ["cp %.plain", "printf x | gzip -c >", "zstd -q -f %.plain -o"])
    func `what is no layer in gzip is refused`(command: String) throws {
        let fixture = try PackageFixture()
        let (layer, metadata) = try fixture.files("app/tide", "1.0")
        let script = command.replacing("%", with: layer.string)
        _ = try Tool.run("sh", ["-ec", "gunzip < \(layer) > \(layer).plain; \(script) \(layer)"])
        #expect(throws: (any Error).self) { try PackageFile.read(layer: layer, metadata: metadata) }
    }
}
