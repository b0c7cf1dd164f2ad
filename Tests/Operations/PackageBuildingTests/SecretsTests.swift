import DocumentTree
import LinuxSystem
import PackageSpecs
import SystemPackage
import Testing
import TreeFixtures

@testable import PackageBuilding

@Suite("Secrets of builds")
struct SecretsTests {
    private static let place = SpecPlace("packages/x/package.yaml", DocumentMark(line: 9, column: 2))

    private static func build(_ secrets: BuildSecret...) -> BuildSpec {
        var build = BuildSpec()
        build.secrets = secrets
        return build
    }

    @Test("lie where nobody else may look, and are mounted so that no step can change them")
    func files() throws {
        let space = try Workspace()
        try space.run("mkdir layer; printf 'key\\0x' >layer/token")
        let build = Self.build(
            BuildSecret("one", .file("token"), place: Self.place),
            BuildSecret("two", .file(space.place("layer/token")), place: Self.place),
            BuildSecret("three", .variable("PATH"), place: Self.place))
        let volumes = try ContainerRun.secrets(build, layer: space.place("layer"), in: space.place(""))
        let folder = space.place("").appending("secrets")
        #expect(volumes == ["\(folder):/run/secrets:ro"])
        #expect(try space.bytes("secrets/one") == Array("key\0x".utf8))
        #expect(try space.bytes("secrets/two") == Array("key\0x".utf8))
        #expect(try space.bytes("secrets/three") == Array((ThisProcess.variable("PATH") ?? "").utf8))
        #expect(
            try space.run("stat -c %a secrets secrets/*") == "700\n600\n600\n600\n")
    }

    @Test("are no folder where there are none")
    func none() throws {
        let space = try Workspace()
        #expect(try ContainerRun.secrets(Self.build(), layer: "/", in: space.place("")) == [])
        #expect(try FileStatus.of(space.place("secrets")) == nil)
    }

    @Test("that are not there are errors with their place, and say nothing of others")
    func missing() throws {
        let space = try Workspace()
        for origin in [BuildSecret.Origin.file("none"), .variable("LIFEBOOT_NO_SUCH_VARIABLE")] {
            try space.run("rm -rf secrets")
            let build = Self.build(BuildSecret("one", origin, place: Self.place))
            #expect {
                try ContainerRun.secrets(build, layer: space.place("layer"), in: space.place(""))
            } throws: { "\($0)".hasPrefix("reading the secret one: packages/x/package.yaml:9:2: ") }
        }
    }
}

@Suite("The end of a log")
struct FileTailTests {
    @Test(
        "is its last lines, whatever is in it",
        arguments: [("", []), ("a\nb\nc\n", ["b", "c"]), ("a", ["a"]), ("a\n\n\nb", ["a", "b"])])
    func lines(text: String, expected: [String]) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "file-tail")
        let file = folder.path.appending("log")
        try AtomicFile.write(Array(text.utf8), to: file)
        #expect(try FileTail.lines(of: file, atMost: 2) == expected)
    }

    @Test("is read without the rest, and begins with a whole line")
    func long() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "file-tail")
        let file = folder.path.appending("log")
        let lines = (0..<4000).map { "line \($0)" }
        try AtomicFile.write(Array(lines.joined(separator: "\n").utf8), to: file)
        #expect(try FileTail.lines(of: file, atMost: 2) == ["line 3998", "line 3999"])
    }
}
