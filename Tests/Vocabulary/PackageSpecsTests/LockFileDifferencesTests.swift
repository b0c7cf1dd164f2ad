import ImageModel
import PackageModel
import PackageSpecs
import SystemPackage
import Testing

@Suite("A lock beside the files of its layer")
struct LockFileDifferencesTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    private static let layer = """
        format: 1
        name: harbour
        layers: [{name: foundation, repository: oci://r.example/p, snapshot: 41, key: k}]
        """

    private static let package = """
        format: 1
        name: app/tide
        version: 1
        requires: ["system/foundation >= 1.2", app/clock]
        description: ${env:WHO}
        build:
          from: {image: "docker.io/library/debian:12", packages: ["system/base >= 12"]}
          fetch: [{url: "https://x.example/a", sha256: \(String(repeating: "ab", count: 32)), to: /a}]
          copy: [{image: "quay.example/t@\(digest)", source: /, destination: /}]
        """

    private static let clock = "format: 1\nname: app/ticker\nversion: 1\nprovides: [app/clock]"

    /// A lock that has all that the files need.
    private static func lock() throws -> LockFile {
        let digest = try #require(Digest(registryText: digest))
        var lock = LockFile()
        lock.environment = ["WHO"]
        lock.images = ["oci://docker.io/library/debian:12": digest]
        lock.fetches = ["https://x.example/a": LockedFetch(digest: digest, size: 1)]
        lock.repositories = ["oci://r.example/p": LockedRepository(revision: 41, manifest: digest)]
        var foundation = try package("system/foundation", "1.2")
        foundation.requires = [
            try PackageRequest(parsing: "system/base"), try PackageRequest(parsing: "system/init > 1"),
        ]
        var systemd = try package("system/systemd", "252")
        systemd.provides = [try PackageRequest(parsing: "system/init = 2")]
        lock.packages = [foundation, try package("system/base", "12.1"), systemd]
        return lock
    }

    private static func package(_ name: String, _ version: String) throws -> LockedPackage {
        LockedPackage(
            try PackageName(parsing: name), try PackageVersion(parsing: version), architecture: "amd64",
            repository: "oci://r.example/p", manifest: try #require(Digest(registryText: digest)))
    }

    private static func differences(
        layer: String = layer, _ change: (inout LockFile) throws -> Void = { _ in }
    ) throws -> [String] {
        let context = SpecContext(architecture: "amd64", environment: ["WHO": "x"])
        let readings = try [package, clock].map { try SpecReading.packages($0, context) }
        let specs = try LayerSpecs(try SpecReading.layer(layer), readings)
        var lock = try lock()
        try change(&lock)
        return lock.differences(from: specs).map { "\($0.isStale ? "stale" : "note") \($0)" }
    }

    @Test("a lock that has everything is not stale: own packages, provided ones and pinned images need no entry")
    func complete() throws { #expect(try Self.differences() == []) }

    @Test("what files use and the lock lacks is stale, with the place of the use")
    func missing() throws {
        let file = "stale packages/tide/package.yaml"
        #expect(
            try Self.differences { $0.images = [:] } == [
                "\(file):7:17: the image oci://docker.io/library/debian:12 is not in boatyard.lock"
            ])
        #expect(
            try Self.differences { $0.fetches = [:] } == [
                "\(file):8:11: the download https://x.example/a is not in boatyard.lock"
            ])
        #expect(
            try Self.differences { $0.environment = [] } == ["\(file):5:14: the variable WHO is not in boatyard.lock"])
        #expect(
            try Self.differences { $0.repositories = [:] } == [
                "stale boatyard.yaml:3:10: the repository oci://r.example/p is not in boatyard.lock"
            ])
        #expect(
            try Self.differences { $0.packages = [] } == [
                "\(file):4:12: the package system/foundation >= 1.2 is not in boatyard.lock",
                "\(file):7:59: the package system/base >= 12 is not in boatyard.lock",
            ])
    }

    @Test("what a locked package requires must be locked, too")
    func closure() throws {
        #expect(
            try Self.differences { $0.packages.removeLast() } == [
                "stale the package system/init > 1 is not in boatyard.lock"
            ])
    }

    @Test("what is another than asked for is stale")
    func other() throws {
        let file = "packages/tide/package.yaml"
        #expect(
            try Self.differences { $0.packages[1] = try Self.package("system/base", "11") } == [
                "stale \(file):7:59: the package system/base >= 12: boatyard.lock has system/base 11"
            ])
        #expect(
            try Self.differences { $0.repositories["oci://r.example/p"]?.revision = 40 } == [
                "stale boatyard.yaml:3:10: the repository oci://r.example/p: boatyard.lock has revision 40, and snapshot 41 is "
                    + "asked for"
            ])
        let zero = try #require(Digest(bytes: [UInt8](repeating: 0, count: 32)))
        #expect(
            try Self.differences { $0.fetches["https://x.example/a"]?.digest = zero } == [
                "stale \(file):8:11: the download https://x.example/a: boatyard.lock has the SHA-256 \(zero.hex)"
            ])
        #expect(
            try Self.differences {
                $0.packages[2].provides = [try PackageRequest(parsing: "system/init = 1")]
            } == [
                "stale the package system/init > 1 is not in boatyard.lock",
                "note the package system/systemd 252 of boatyard.lock is used by nothing",
            ])
    }

    @Test("packages that must not be together are stale, whatever name makes them conflict")
    func conflict() throws {
        for refused in ["system/base < 13", "system/init = 2"] {
            let found = try Self.differences { $0.packages[0].conflicts = [try PackageRequest(parsing: refused)] }
            #expect(found.count == 1)
            #expect(found[0].hasPrefix("stale the package system/foundation 1.2: boatyard.lock has system/"))
            #expect(found[0].hasSuffix(", with which it conflicts"))
        }
        #expect(
            try Self.differences { $0.packages[0].conflicts = [try PackageRequest(parsing: "system/base < 12")] } == [])
        // What a package provides itself is no conflict, as in Debian.
        #expect(try Self.differences { $0.packages[2].conflicts = [try PackageRequest(parsing: "system/init")] } == [])
    }

    @Test("what nothing uses is noted behind the rest")
    func unused() throws {
        let found = try Self.differences { lock in
            lock.images["oci://x.example/y"] = lock.images.values.first
            lock.packages.append(try Self.package("a/b", "1"))
            lock.environment = ["OTHER"]
        }
        #expect(
            found == [
                "stale packages/tide/package.yaml:5:14: the variable WHO is not in boatyard.lock",
                "note the image oci://x.example/y of boatyard.lock is used by nothing",
                "note the variable OTHER of boatyard.lock is used by nothing",
                "note the package a/b 1 of boatyard.lock is used by nothing",
            ])
    }

    @Test("without a layer below no package is locked")
    func lowest() throws {
        let found = try Self.differences(layer: "format: 1\nname: a") { $0.repositories = [:] }
        #expect(found.count == 3)
        #expect(found.allSatisfy { $0.hasPrefix("note the package system/") })
    }
}
