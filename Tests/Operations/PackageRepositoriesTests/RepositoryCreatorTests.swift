import Cryptography
import Faults
import Foundation
import ImageModel
import LinuxSystem
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage
import TestServers
import Testing

@testable import PackageRepositories

@Suite struct RepositoryCreatorTests {
    /// Everything in a folder, with its content.
    static func content(_ path: FilePath) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path.string) {
            let file = URL(filePath: path.appending(name).string)
            if try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
                files[name] = try Data(contentsOf: file)
            }
        }
        return files
    }

    static func packages(_ fixture: PackageFixture) throws -> [BuiltPackage] {
        try [
            fixture.package("app/tide", "1.0", architecture: "amd64"),
            fixture.package("app/tide", "1.0", architecture: "arm64"), fixture.package("app/ebb", "2"),
            PackageFile.read(layer: nil, metadata: fixture.description("all", "app/all", "1", "all", ["app/tide"])),
        ]
    }

    @Test func `the same packages make the same bytes, in whichever order and folder`() throws {
        let fixture = try PackageFixture()
        let packages = try Self.packages(fixture)
        let one = try fixture.layout(packages)
        let other = try fixture.layout(packages.reversed())
        let content = try Self.content(one)
        #expect(content == (try Self.content(other)))
        #expect(content.keys.count { $0.hasPrefix("blobs/") } == 3 + 4 + 4 + 1 + 2 + 1)
        let created = try RepositoryCreator.create(packages, named: PackageFixture.name, in: one)
        #expect(created.stored == 0)
        #expect(try Self.content(one) == content)
    }

    @Test func `skopeo finds every package, and the architectures of one version under one tag`() throws {
        let fixture = try PackageFixture()
        let layout = try fixture.layout(try Self.packages(fixture))
        for (options, architecture) in [("--override-arch arm64", "arm64"), ("--override-arch amd64", "amd64")] {
            let text = try Tool.run(
                "sh", ["-c", "skopeo inspect \(options) --format '{{.Architecture}}' oci:\(layout):app_stide_v1.0"])
            #expect(text == "\(architecture)\n")
        }
        _ = try Tool.run("skopeo", ["inspect", "oci:\(layout):app_sall_v1"])
    }

    @Test func `a package that is left out is gone, with its blobs`() throws {
        let fixture = try PackageFixture()
        let packages = try Self.packages(fixture)
        let layout = try fixture.layout(packages)
        _ = try RepositoryCreator.create(Array(packages.prefix(1)), named: PackageFixture.name, in: layout)
        #expect(try Self.content(layout) == Self.content(try fixture.layout(Array(packages.prefix(1)))))
    }

    @Test func `what a cut left behind is stored again, whatever it is`() throws {
        let fixture = try PackageFixture()
        let packages = try Self.packages(fixture)
        let good = try Self.content(try fixture.layout(packages))
        let layout = try fixture.layout([])
        let layer = try #require(packages[0].layer)
        let blobs = layout.appending("blobs/sha256")
        try Data([UInt8](repeating: 0, count: layer.size)).write(
            to: URL(filePath: blobs.appending(layer.digest.hex).string))
        try Data("half".utf8).write(to: URL(filePath: blobs.appending("\(layer.digest.hex).new-1").string))
        _ = try RepositoryCreator.create(packages, named: PackageFixture.name, in: layout)
        #expect(try Self.content(layout) == good)
    }

    @Test func `a layer that is another than its digest says is refused, and nothing is named`() throws {
        let fixture = try PackageFixture()
        var package = try fixture.package("app/tide", "1.0")
        let layout = try fixture.layout([try fixture.package("app/ebb", "1")])
        let before = try Data(contentsOf: URL(filePath: layout.appending("index.json").string))
        package.layer?.digest = try SHA256Hasher.digest(of: [])
        let error = #expect(throws: RegistryError.self) {
            try RepositoryCreator.create([package], named: PackageFixture.name, in: layout)
        }
        #expect(error?.kind == .corrupted)
        #expect(try Data(contentsOf: URL(filePath: layout.appending("index.json").string)) == before)
    }

    @Test func `a folder with something else is left alone`() throws {
        let fixture = try PackageFixture()
        let folder = fixture.path("mine")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: folder.appending("letter").string))
        _ = try Tool.run("umoci", ["init", "--layout", fixture.path("other").string])
        _ = try Tool.run("umoci", ["new", "--image", "\(fixture.path("other")):one"])
        for path in [folder, fixture.path("other"), folder.appending("letter")] {
            let error = #expect(throws: PackageRepositoryError.self) {
                try RepositoryCreator.create([], named: "x", in: path)
            }
            #expect(error?.kind == .layout)
        }
    }

    @Test func `two packages with one name and version are refused`() throws {
        let fixture = try PackageFixture()
        let packages = try [fixture.package("app/tide", "1"), fixture.package("app/tide", "1", "other")]
        let error = #expect(throws: RepositoryPlanningError.self) { try fixture.layout(packages) }
        #expect(error?.kind == .clash)
    }

    /// As root, because only that can mount a disk that is too small.
    @Test(.enabled(if: ThisProcess.isRoot)) func `a full disk is said, and leaves the layout as it was`() throws {
        let fixture = try PackageFixture()
        let disk = fixture.path("disk")
        try Folders.make(disk)
        _ = try Tool.run("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", disk.string])
        defer { _ = try? Tool.run("umount", [disk.string]) }
        let layout = disk.appending("layout")
        let small = try fixture.package("app/tide", "1")
        _ = try RepositoryCreator.create([small], named: PackageFixture.name, in: layout)
        let before = try Self.content(layout)
        let noise = Base64.encode((0..<400_000).map { _ in UInt8.random(in: 0...255) })
        let large = try fixture.package("app/large", "1", noise)
        let error = #expect(throws: SystemError.self) {
            try RepositoryCreator.create([small, large], named: PackageFixture.name, in: layout)
        }
        #expect(error?.errno == .noSpace)
        let after = try Self.content(layout)
        #expect(after["index.json"] == before["index.json"])
        #expect(before.allSatisfy { after[$0.key] == $0.value })
        #expect(!after.keys.contains { $0.contains(".new-") })
    }
}
