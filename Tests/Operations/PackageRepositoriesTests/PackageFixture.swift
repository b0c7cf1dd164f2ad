import Cryptography
import Foundation
import ImageModel
import JSONText
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage
import TestServers

@testable import PackageRepositories

/// A folder with packages, and keys.
final class PackageFixture {
    static let name = "harbour"
    static let reference = "registry.example/harbour/packages"

    let folder: TestFolder
    let key: SigningKey
    let trusted: TrustedKey

    init() throws {
        let key = try SigningKey()
        folder = try TestFolder()
        trusted = TrustedKey(name: "harbour.pub", key: try key.publicKey())
        self.key = key
    }

    private static let start = UTCTime("2026-09-21T00:00:00Z") ?? day(0)

    /// Seconds since 1970 of a day of the tests.
    static func day(_ number: Int64) -> UTCTime { UTCTime(seconds: 1_790_000_000 + number * 86_400) ?? start }

    /// A path in the folder.
    func path(_ name: String) -> FilePath { FilePath(folder.path(name)) }

    /// A package with one file, whose content says which it is.
    func package(
        _ name: String, _ version: String, _ content: String? = nil, architecture: String = "amd64",
        requires: [String] = []
    ) throws -> BuiltPackage {
        let (layer, json) = try files(name, version, content, architecture: architecture, requires: requires)
        return try PackageFile.read(layer: layer, metadata: json)
    }

    /// The two files of a package.
    func files(
        _ name: String, _ version: String, _ content: String? = nil, architecture: String = "amd64",
        requires: [String] = []
    ) throws -> (FilePath, FilePath) {
        let base = "\(name.replacing("/", with: "_"))-\(version)-\(architecture)-\(UUID().uuidString)"
        let tree = path("\(base).d")
        try FileManager.default.createDirectory(atPath: "\(tree)/usr/share", withIntermediateDirectories: true)
        try Data((content ?? "\(name) \(version) \(architecture)\n").utf8).write(
            to: URL(filePath: "\(tree)/usr/share/\(name.replacing("/", with: "-"))"))
        try Tool.run(
            "tar",
            [
                "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "-C", tree.string, "-czf",
                path("\(base).tar.gz").string, "usr",
            ])
        return (path("\(base).tar.gz"), try description(base, name, version, architecture, requires))
    }

    /// The description of a package.
    func description(
        _ base: String, _ name: String, _ version: String, _ architecture: String = "amd64", _ requires: [String] = []
    ) throws -> FilePath {
        var metadata = PackageMetadata(
            try PackageName(parsing: name), try PackageVersion(parsing: version), architecture: architecture)
        metadata.requires = try requires.map { try PackageRequest(parsing: $0) }
        metadata.summary = "Tells that it is \(name)"
        try Data(JSONValue.object(metadata.json).serialized()).write(to: URL(filePath: path("\(base).json").string))
        return path("\(base).json")
    }

    /// A layout with packages.
    func layout(_ packages: [BuiltPackage], _ name: String = "layout-\(UUID().uuidString)") throws -> FilePath {
        _ = try RepositoryCreator.create(packages, named: Self.name, in: path(name))
        return path(name)
    }

    /// Opens a layout.
    static func open(_ path: FilePath) throws -> LayoutTarget { try LayoutTarget(existing: .init(path)) }

    func publisher(_ day: Int64 = 0, memory: String? = nil) -> RepositoryPublisher {
        RepositoryPublisher(
            reference: Self.reference, keys: [trusted],
            memory: memory.map { RepositoryMemoryFile(path("\($0)/repositories.json")) }, now: Self.day(day))
    }

    /// Publishes packages.
    @discardableResult
    func publish(
        _ packages: [BuiltPackage], to target: inout some RepositoryTarget & ~Copyable, day: Int64 = 0
    ) throws -> RepositoryPublisher.Publication {
        try publisher(day).publish(try Self.open(try layout(packages)), to: &target, key: key)
    }

    func reader(_ day: Int64 = 1, memory: String? = nil) -> RepositoryReader {
        RepositoryReader(
            keys: [trusted], memory: memory.map { RepositoryMemoryFile(path("\($0)/repositories.json")) },
            now: Self.day(day))
    }

    /// What a reader sees, once all of it is known to be there.
    func whole(in target: inout some RepositoryTarget & ~Copyable) throws -> [String] {
        let opened = try reader().open(of: Self.reference, in: &target)
        let findings = try RepositoryVerifier.findings(opened, in: &target, isDeep: true)
        if let finding = findings.first { throw ServerError("\(finding.package.identity): \(finding.cause)") }
        return opened.packages.map(\.identity)
    }
}
