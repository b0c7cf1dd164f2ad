import Faults
import PackageModel
import Testing

@testable import BuildPlanning

@Suite("The packages of a base")
struct PackageClosureTests {
    /// `name version [requires…] [! conflicts…] [+ provides…]`, with `,` between requests of a kind.
    private static func package(_ text: String) throws -> PackageMetadata {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let words = parts[0].split(separator: " ").map(String.init)
        var package = PackageMetadata(
            try PackageName(parsing: words[0]), try PackageVersion(parsing: words[1]), architecture: "amd64")
        let lists = try parts.dropFirst().map { list in
            try list.split(separator: ";").map { try PackageRequest(parsing: String($0)) }
        }
        if lists.count > 0 { package.requires = lists[0] }
        if lists.count > 1 { package.conflicts = lists[1] }
        if lists.count > 2 { package.provides = lists[2] }
        return package
    }

    private static func names(_ packages: [String], _ requests: [String]) throws -> [String] {
        try PackageClosure(packages.map(package)).packages(
            for: requests.map { try PackageRequest(parsing: $0) }, asker: "spec:1"
        ).map { "\($0.name) \($0.version)" }
    }

    @Test("are those that are asked for and all that they require, each behind what it requires")
    func order() throws {
        let packages = ["a/top 1|a/mid;a/low", "a/mid 2|a/low >= 1", "a/low 1", "a/low 3", "a/other 1"]
        #expect(try Self.names(packages, ["a/top"]) == ["a/low 3", "a/mid 2", "a/top 1"])
        #expect(try Self.names(packages, ["a/other", "a/low"]) == ["a/other 1", "a/low 3"])
        #expect(try Self.names(packages, []) == [])
    }

    @Test("may require each other")
    func ring() throws {
        #expect(try Self.names(["a/b 1|a/c", "a/c 1|a/b"], ["a/b"]) == ["a/c 1", "a/b 1"])
    }

    @Test("may go by names that they provide, with a version only where they say one")
    func provided() throws {
        let packages = ["a/grub 2||| a/loader = 1", "a/stub 1||| a/loader", "a/real 1", "a/fake 9|||a/real = 9"]
        #expect(try Self.names(packages, ["a/loader = 1"]) == ["a/grub 2"])
        #expect(try Self.names(packages, ["a/loader"]) == ["a/grub 2"])
        #expect(try Self.names(packages, ["a/real"]) == ["a/real 1"])
        #expect(throws: ClosureError.self) { try Self.names(packages, ["a/loader > 1"]) }
    }

    @Test("that are not there are named with who asks, with versions and near names")
    func missing() {
        let packages = ["a/base 1|a/lib > 2", "a/lib 1", "a/lib 2"]
        let range = #expect(throws: ClosureError.self) { try Self.names(packages, ["a/base"]) }
        #expect(range?.subject == "a/lib > 2" && range?.cause.contains("a/base 1 asks for it") == true)
        #expect(range?.cause.hasSuffix("there is 1, 2") == true)
        let name = #expect(throws: ClosureError.self) { try Self.names(packages, ["a/bse"]) }
        #expect(name?.cause == "spec:1 asks for it, and it is not there; did you mean a/base?")
    }

    @Test("are refused when two of them cannot be together")
    func clash() {
        let packages = ["a/one 1||a/two < 5", "a/two 3", "a/two 5", "a/pin 1|a/two = 3"]
        let conflict = #expect(throws: ClosureError.self) { try Self.names(packages, ["a/one", "a/two = 3"]) }
        #expect(conflict?.kind == .conflict && conflict?.cause == "it conflicts with a/two 3")
        #expect(throws: Never.self) { try Self.names(packages, ["a/one", "a/two"]) }
        let versions = #expect(throws: ClosureError.self) { try Self.names(packages, ["a/two", "a/pin"]) }
        #expect(versions?.cause == "3 of it is asked for, too")
    }

    private static func laid(_ packages: [String], on base: [String], _ requests: [String]) throws -> [String] {
        try PackageClosure(packages.map(package), on: base.map(package)).packages(
            for: requests.map { try PackageRequest(parsing: $0) }, asker: "spec:1"
        ).map { "\($0.name) \($0.version)" }
    }

    @Test("are without those that the image below has, also under another name, and without what these require")
    func present() throws {
        let packages = ["a/top 1|a/lib >= 2;a/libc;a/own", "a/own 1", "a/lib 2|a/deep", "a/loader 1"]
        let base = ["a/lib 2|a/gone", "a/base 1|||a/libc = 2;a/loader"]
        #expect(try Self.laid(packages, on: base, ["a/top", "a/lib"]) == ["a/own 1", "a/top 1"])
        #expect(try Self.laid(packages, on: base, ["a/libc >= 2"]) == [])
        // A package of that name comes before one that only provides it.
        #expect(try Self.laid(packages, on: base, ["a/loader"]) == ["a/loader 1"])
    }

    @Test(
        "do not become other versions of what the image below has, and do not conflict with it",
        arguments: [
            ("a/lib >= 3", "a/lib 2", "the base has it, and spec:1 asks for a/lib >= 3"),
            ("a/lib", "a/lib 2", "which may as well be 3"), ("a/over", "a/lib 2", "a/over 1 asks for a/lib >= 3"),
            ("a/foe", "a/foe 1", "it conflicts with a/lib 2 of the base"),
            ("a/prey", "a/prey 1", "it conflicts with a/base 1 of the base"),
            ("a/word", "a/base 1", "a/base 2 would come on top of it"),
        ])
    func replaced(request: String, subject: String, cause: String) {
        let packages = ["a/lib 3", "a/over 1|a/lib >= 3", "a/foe 1||a/lib < 3", "a/prey 1", "a/base 2|||a/word"]
        let error = #expect(throws: ClosureError.self) {
            try Self.laid(packages, on: ["a/lib 2", "a/base 1||a/prey"], [request])
        }
        #expect(error?.kind == .conflict && error?.subject == subject, "\(String(describing: error))")
        #expect(error?.cause.contains(cause) == true, "\(String(describing: error))")
    }

    @Test("may be a chain of many thousand")
    func long() throws {
        let packages = try (0..<5_000).map { try Self.package("a/p\($0) 1|a/p\($0 + 1)") } + [Self.package("a/p5000 1")]
        let closure = try PackageClosure(packages).packages(for: [PackageRequest(packages[0].name)], asker: "")
        #expect(closure.count == 5_001 && closure.first?.name == packages.last?.name)
    }
}
