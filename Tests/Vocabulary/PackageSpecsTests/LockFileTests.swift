import ImageModel
import PackageModel
import PackageSpecs
import SystemPackage
import Testing

@Suite("boatyard.lock")
struct LockFileTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    private static func full() throws -> LockFile {
        let digest = try #require(Digest(registryText: digest))
        var lock = LockFile()
        lock.environment = ["B", "A"]
        lock.images = ["oci://docker.io/library/debian:12": digest, "oci:a b\"\\ü\u{85}\u{2028}\u{1F600}": digest]
        lock.fetches = ["https://x.example/a?b=c#d": LockedFetch(digest: digest, size: 1 << 40)]
        lock.repositories = ["oci://r.example/p": LockedRepository(revision: 41, manifest: digest)]
        var package = LockedPackage(
            try PackageName(parsing: "system/base"), try PackageVersion(parsing: "1:12~rc1"), architecture: "all",
            repository: "oci://r.example/p", manifest: digest)
        package.requires = [try PackageRequest(parsing: "a/b >= 1, < 2")]
        package.conflicts = [try PackageRequest(parsing: "a/d < 4")]
        package.provides = [try PackageRequest(parsing: "a/c = 3")]
        lock.packages = [
            package,
            LockedPackage(
                try PackageName(parsing: "a/b"), try PackageVersion(parsing: "1"), architecture: "amd64",
                repository: "oci://r.example/p", manifest: digest),
        ]
        return lock
    }

    @Test("a base is written and read with what matters of its packages, one of an image and one of a layer")
    func base() throws {
        let digest = try #require(Digest(registryText: Self.digest))
        var lock = LockFile()
        lock.base = LockedBase(
            "oci://r.example/os", layer: "low", version: try PackageVersion(parsing: "1.2"), manifest: digest)
        var package = PackageMetadata(
            try PackageName(parsing: "a/b"), try PackageVersion(parsing: "1"), architecture: "all")
        package.provides = [try PackageRequest(parsing: "a/c = 3")]
        package.conflicts = [try PackageRequest(parsing: "a/d < 4")]
        lock.base?.packages = [package]
        #expect(try SpecReading.lock(String(decoding: lock.serialized(), as: UTF8.self)) == lock)
        lock.base = LockedBase("oci://docker.io/library/debian:12", manifest: digest)
        #expect(try SpecReading.lock(String(decoding: lock.serialized(), as: UTF8.self)) == lock)
    }

    @Test("what is written is read back, and written again the same")
    func roundTrip() throws {
        var lock = try Self.full()
        let bytes = lock.serialized()
        let read = try SpecReading.lock(String(decoding: bytes, as: UTF8.self))
        lock.packages.reverse()
        #expect(read == lock)
        #expect(read.serialized() == bytes)
        #expect(try SpecReading.lock(String(decoding: LockFile().serialized(), as: UTF8.self)) == LockFile())
    }

    @Test(
        "an address longer than a key of YAML may be is read back, whatever is in it",
        arguments: [900, 996, 997, 998, 1020, 1021, 1022, 1023, 1024, 1025, 5000],
        ["a", "\"", "\\", "\u{E9}", "\u{FEFF}"])
    func longKey(length: Int, letter: String) throws {
        var lock = try Self.full()
        lock.packages = []
        lock.fetches = [String(repeating: letter, count: length): try #require(lock.fetches.first).value]
        lock.images[String(repeating: letter, count: length)] = Digest(registryText: Self.digest)
        #expect(try SpecReading.lock(String(decoding: lock.serialized(), as: UTF8.self)) == lock)
    }

    @Test("the file is for people: a line each, in the order of names")
    func text() throws {
        var lock = try Self.full()
        (lock.fetches, lock.repositories, lock.packages) = ([:], [:], [])
        lock.images["oci:a b\"\\ü\u{85}\u{2028}\u{1F600}"] = nil
        #expect(
            String(decoding: lock.serialized(), as: UTF8.self) == """
                {
                  "format": 1,
                  "environment": [
                    "A",
                    "B"
                  ],
                  "images": {
                    "oci://docker.io/library/debian:12": {
                      "digest": "\(Self.digest)"
                    }
                  }
                }

                """)
    }

    @Test(
        "what is wrong is said with its place",
        arguments: [
            ("images: {}", "1:1: the first key must be 'format: 1'"),
            ("format: 1\nimage: {}", "2:1: unknown key 'image' (did you mean 'images'?)"),
            ("format: 1\nimages: {a: {digest: abc}}", "2:22: 'abc' must be sha256: and 64"),
            ("format: 1\nimages: {a: {}}", "2:13: an image needs digest"),
            ("format: 1\nimages: {\"a\\nb\": {}}", "2:10: 'a\nb' must be a reference of one line"),
            ("format: 1\nfetches: {a: {sha256: \(digest), size: -1}}", "2:"),
            (
                "format: 1\nrepositories: {a: {revision: 0, manifest: \(digest)}}",
                "2:30: revision must be a whole number from 1"
            ),
            ("format: 1\npackages: [{name: a/b}]", "2:12: a locked package needs name and version and architecture"),
            (
                "format: 1\npackages: [{name: a/b, version: 1, architecture: all, repository: r, manifest: \(digest)},"
                    + "{name: a/b, version: 2, architecture: all, repository: r, manifest: \(digest)}]",
                "2:153: a/b is locked twice"
            ),
        ])
    func refused(text: String, reason: String) {
        let words = SpecReading.words { _ = try SpecReading.lock(text) }
        #expect(words.hasPrefix("reading boatyard.lock:\(reason)"), "\(words)")
    }
}
