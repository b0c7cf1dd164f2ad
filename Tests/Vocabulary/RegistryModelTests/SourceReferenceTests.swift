import Faults
import ImageModel
import SystemPackage
import Testing

@testable import RegistryModel

@Suite("Sources")
struct SourceReferenceTests {
    @Test(
        "sources are read and written back",
        arguments: [
            ("oci://r.example/os:1", "oci://r.example/os:1"), ("r.example/os:1", "oci://r.example/os:1"),
            ("localhost:5000/os", "oci://localhost:5000/os"),
            ("oci:layout", "oci:layout"), ("oci-layout:/a/b:1.2", "oci:/a/b:1.2"),
            ("oci-archive:/a/b.tar", "oci-archive:/a/b.tar"), ("oci-archive:b.tar:x", "oci-archive:b.tar:x"),
            ("docker-archive:b.tar", "oci-archive:b.tar"),
            ("dir:/a/b:c", "dir:/a/b:c"), ("iso:x.iso", "iso:x.iso"), ("iso:x.iso:tag", "iso:x.iso:tag"),
            ("file:/x", "file:/x"), ("file:///x/y", "file:/x/y"), ("/x/y", "file:/x/y"), ("./x", "file:./x"),
            ("../x:tag", "file:../x:tag"), ("oci:/a:b/c", "oci:/a:b/c"),
            ("oci:/a@\(digest(3).registryText)", "oci:/a@\(digest(3).registryText)"),
            ("oci:/a:t@\(digest(3).registryText)", "oci:/a:t@\(digest(3).registryText)"),
        ])
    func reads(text: String, expected: String) throws {
        let source = try SourceReference(parsing: text)
        #expect(source.description == expected)
        #expect(try SourceReference(parsing: source.description) == source)
        #expect(source.isLocal == !expected.hasPrefix("oci://"))
    }

    @Test(
        "what is no source is refused",
        arguments: [
            "", "oci:", "dir:", "iso:", "file:", "os", "vendor/os", "http://r.example/os", "oci::tag", "dir:a\u{0}b",
        ])
    func refuses(text: String) {
        #expect(throws: RegistryModelError.self) { try SourceReference(parsing: text) }
    }

    @Test(
        "a word without a scheme is a path when something of that name is here, and no registry is meant",
        arguments: [
            ("root.tar", ["root.tar"], "file:root.tar"), ("rootfs", ["rootfs"], "file:rootfs"),
            ("images/os", ["images/os"], "file:images/os"), ("os:1.0.iso", ["os:1.0.iso"], "file:os:1.0.iso"),
            ("layout:os", ["layout"], "file:layout:os"), ("r.example/os:1", ["os"], "oci://r.example/os:1"),
            ("oci:root.tar", [], "oci:root.tar"), ("localhost:5000/os", ["localhost"], "oci://localhost:5000/os"),
        ] as [(String, Set<String>, String)])
    func bare(text: String, here: Set<String>, expected: String) throws {
        let source = try SourceReference(parsing: text) { here.contains($0.string) }
        #expect(source.description == expected)
    }

    @Test(
        "an error says what the word was taken for, and how to write what was meant",
        arguments: [
            ("os", "taken for an image in a registry", "docker.io/library/os"), ("os", "taken for", "./"),
            ("root.tar", "it does not say which registry it means", "A path begins with / or ./"),
            ("r.example/os", "may be an image in a registry, and there is a file", "./r.example/os"),
            ("docker-daemon:os:1", "'docker-daemon:' is no kind of source", "docker-archive:"),
            ("oci-tar:/a/b.tar", "'oci-tar:' is no kind of source", "oci-archive:"),
            ("https://r.example/os", "not named by a web address", "oci://"), ("dir:", "path is missing", "dir:/"),
        ])
    func says(text: String, cause: String, remedy: String) throws {
        let error = try #require(throws: RegistryModelError.self) {
            try SourceReference(parsing: text) { $0 == "r.example/os" }
        }
        #expect(error.cause.contains(cause) && error.remedy.contains(remedy), "\(error)")
    }

    @Test("mutated sources never trap and read back equal")
    func fuzz() {
        for seed in ["oci:/a/b:1@\(digest(1).registryText)", "iso:/media/x.iso:tag", "file:///a/b"] {
            for bytes in seed.mutations(seed: 2, count: 1_000) {
                guard let source = try? SourceReference(parsing: String(decoding: bytes, as: UTF8.self)) else {
                    continue
                }
                #expect((try? SourceReference(parsing: source.description)) == source, "\(source)")
            }
        }
    }
}
