import ImageModel
import PackageSpecs
import SystemPackage
import Testing

@Suite("build")
struct BuildSpecTests {
    private static func build(_ text: String) throws -> BuildSpec {
        let package = try SpecReading.package("build:\n" + text.split(separator: "\n").map { "  \($0)\n" }.joined())
        guard let build = package.build else { throw SpecReading.Missing() }
        return build
    }

    @Test(
        "prepares in the folder only when a command names it",
        arguments: [("[]", false), ("[make]", false), ("[make, cp /build/a /usr]", true), ("[builder]", false)])
    func folder(commands: String, isFound: Bool) throws {
        let build = try Self.build("from: {packages: [system/base]}\nprepare: \(commands)\nsteps: [make -C /build]")
        #expect(build.preparesInFolder == isFound)
    }

    @Test("every key is read")
    func everything() throws {
        let build = try Self.build(
            """
            from: {image: "debian.example/debian:12", packages: ["system/base >= 12"]}
            fetch:
              - {url: "https://x.example/a", sha256: \(String(repeating: "0a", count: 32)), to: /usr/bin/a}
              - {url: "http://x.example/b", to: src//./b}
            copy:
              - {package: app/tools, source: /usr, destination: /opt/tools}
              - {image: "oci:images:tools", source: /, destination: /opt}
            environment: {DEBIAN_FRONTEND: noninteractive, EMPTY: ""}
            network: true
            secrets: [{name: token, environment: TOKEN}, {name: key, file: keys/key}]
            prepare: [apt-get update]
            steps: ["make PREFIX=${name}", "cat <<E\\n$$\\nE"]
            """)
        guard case .layers(let image?, let packages) = build.base else { throw SpecReading.Missing() }
        #expect("\(image.value) \(image.place)" == "oci://debian.example/debian:12 packages/tide/package.yaml:5:17")
        #expect(packages.map { "\($0.value)" } == ["system/base >= 12"])
        #expect(build.fetches.map(\.target) == ["/usr/bin/a", "src/b"])
        #expect(build.fetches.map { $0.digest?.hex } == [String(repeating: "0a", count: 32), nil])
        #expect(build.copies.map(\.destination) == ["/opt/tools", "/opt"])
        guard case .image(let tools) = build.copies[1].origin.value else { throw SpecReading.Missing() }
        #expect("\(tools)" == "oci:images:tools")
        #expect(build.environment == ["DEBIAN_FRONTEND": "noninteractive", "EMPTY": ""])
        #expect(build.hasNetwork)
        #expect(build.secrets.map(\.origin) == [.variable("TOKEN"), .file("keys/key")])
        #expect(build.prepare.map(\.value) == ["apt-get update"])
        #expect(build.steps.map(\.value) == ["make PREFIX=app/tide", "cat <<E\n$$\nE"])
        #expect(build.requests.map { "\($0.value)" } == ["system/base >= 12", "app/tools"])
    }

    @Test("a base can be nothing, and the build container of another package")
    func bases() throws {
        let tools = "copy: [{package: app/tools, source: /, destination: /}]"
        #expect(try Self.build("from: nothing\n\(tools)").base == .nothing)
        guard
            case .buildContainer(let request) = try Self.build("from: {package: app/x, stage: build}\nsteps: [a]").base
        else { throw SpecReading.Missing() }
        #expect("\(request.value)" == "app/x")
    }

    @Test(
        "what makes no sense is an error",
        arguments: [
            ("steps: [a]", "build needs from"),
            (
                "from: docker.io/library/debian\nsteps: [a]",
                "from must be 'nothing', or a mapping such as {image: docker.io"
            ),
            ("from: {image: debian}\nsteps: [a]", "it does not say which registry it means"),
            ("from: {image: 'dir:x'}\nsteps: [a]", "'dir:x': it does not say which registry it means"),
            ("from: {}\nsteps: [a]", "from names neither an image nor packages"),
            ("from: {package: app/x}\nsteps: [a]", "needs 'stage: build'"),
            ("from: {package: app/x, stage: final}\nsteps: [a]", "stage must be build, not 'final'"),
            ("from: {package: app/x, stage: build, image: a.example/b}\nsteps: [a]", "'package' stands alone"),
            ("from: {image: a.example/b, stage: build}\nsteps: [a]", "'stage' needs 'package'"),
            ("from: nothing\nsteps: [a]", "6:11: a step needs a shell"),
            ("from: nothing\nprepare: [a]", "a step needs a shell"),
            ("from: {image: a.example/b}", "4:1: it adds nothing to its base"),
            ("from: {image: a.example/b}\nprepare: [a]", "what prepare changes is no content"),
            ("containerfile: Containerfile\nsteps: [a]", "a containerfile, which says everything, and steps"),
            ("containerfile: Containerfile\nenvironment: {A: b}", "and environment; keep one"),
            ("containerfile: ../Containerfile", "must be a path without '..'"),
            ("containerfile: /Containerfile", "must be a path below the folder"),
            (
                "from: nothing\nfetch: [{url: 'https://x/a', to: /a}, {url: 'https://x/b', to: //a}]",
                "two downloads go to /a"
            ),
            ("from: nothing\nfetch: [{url: 'ftp://x/a', to: /a}]", "must be an address that begins with https://"),
            ("from: nothing\nfetch: [{url: 'https://u:p@x/a', to: /a}]", "must not hold a user or password"),
            ("from: nothing\nfetch: [{url: 'https://x/a'}]", "a download needs url and to"),
            (
                "from: nothing\nfetch: [{url: 'https://x/a', to: a, sha256: abc}]",
                "must be 64 lower-case hexadecimal digits"
            ),
            ("from: nothing\ncopy: [{source: /a, destination: /a}]", "a copy needs either 'package' or 'image'"),
            (
                "from: nothing\ncopy: [{package: a/b, image: x.example/y, source: /a, destination: /a}]",
                "either 'package' or"
            ),
            ("from: nothing\ncopy: [{package: a/b, source: a, destination: /a}]", "'a' must be an absolute path"),
            (
                "from: {image: a.example/b}\nsteps: [a]\nsecrets: [{name: x}]",
                "a secret needs either 'file' or 'environment'"
            ),
            (
                "from: {image: a.example/b}\nsteps: [a]\nsecrets: [{name: x, file: a}, {name: x, file: b}]",
                "two secrets are called x"
            ),
            ("from: {image: a.example/b}\nsteps: [a]\nenvironment: {A-B: c}", "'A-B' must be the name of a variable"),
            ("from: {image: a.example/b}\nsteps: ['']", "steps must be a text"),
            ("from: {image: a.example/b}\nsteps: [\"a\\0\"]", "steps has a zero byte"),
        ])
    func refused(text: String, reason: String) {
        let words = SpecReading.words { _ = try Self.build(text) }
        #expect(words.contains(reason), "\(words)")
    }

    @Test("a build without steps is one where the artefact says what of the base is taken")
    func extraction() throws {
        let package = try SpecReading.package(
            "build: {from: {image: a.example/b}}\nartefact: {directory: /usr/share/zoneinfo}")
        #expect(package.artefact?.source == .directory("/usr/share/zoneinfo"))
    }
}
