import PackageSpecs
import SystemPackage
import Testing

@Suite("Containerfiles")
struct ContainerfileTests {
    private static func build(_ text: String, from: String = "") throws -> BuildSpec {
        let context = SpecContext(
            architecture: "amd64", values: ["base": SpecValue("docker.io/library/debian:12", from: .option)])
        let package = try SpecReading.package(
            "build: {\(from)containerfile: images/Containerfile}", context, containerfile: text)
        guard let build = package.build else { throw SpecReading.Missing() }
        return build
    }

    @Test("the images that it names are known, stages are not among them")
    func images() throws {
        let build = try Self.build(
            """
            # syntax=docker.io/x/y
            ARG X=1
            FROM --platform=linux/amd64 ${values.base} AS tools
            RUN --mount=type=bind,from=quay.example/cache:1,target=/c \\
                # a comment between
                make ${X} && echo $HOME
            RUN <<EOF
            FROM nonsense
            EOF
            from scratch
            COPY --from=tools /a /a
            COPY --from=0 /b /b
            COPY --chown=1:1 --from=quay.example/other:2 /c /c
            COPY --from=quay.example/other:2 /d /d
            """)
        #expect(
            build.containerImages.map { "\($0.value) \($0.place)" } == [
                "oci://docker.io/library/debian:12 packages/tide/images/Containerfile:3:1",
                "oci://quay.example/cache:1 packages/tide/images/Containerfile:4:1",
                "oci://quay.example/other:2 packages/tide/images/Containerfile:13:1",
            ])
        #expect(build.containerText?.contains("make ${X} && echo $HOME") == true)
        #expect(
            build.containerText?.contains("FROM --platform=linux/amd64 docker.io/library/debian:12 AS tools") == true)
    }

    @Test("the first image counts for nothing when 'from' replaces it")
    func replaced() throws {
        let build = try Self.build("FROM scratch2\nCOPY a a", from: "from: {packages: [system/base]}, ")
        #expect(build.containerImages == [])
    }

    @Test(
        "an image that is not known before the build is an error with its line",
        arguments: [
            ("ARG B\nFROM $B", "2:1: the image '$B' is not known before the build"),
            ("\n\nFROM debian", "3:1: 'debian': it does not say which registry"), ("FROM", "1:1: FROM names no image"),
            ("FROM ${values.bas}", "1:1: there is no value 'bas'"),
        ])
    func refused(text: String, reason: String) {
        let words = SpecReading.words { _ = try Self.build(text) }
        #expect(words.hasPrefix("reading packages/tide/images/Containerfile:\(reason)"), "\(words)")
    }

    @Test("a file of one endless line is read in the time of its length", .timeLimit(.minutes(10)))
    func endless() throws {
        let text = "FROM quay.example/x:1\nRUN true \\\n" + String(repeating: "a \\\n", count: 10_000)
        #expect(try Self.build(text).containerImages.count == 1)
    }

    @Test("nobody names hundreds of images")
    func limit() {
        let text = (0..<300).map { "FROM quay.example/x:\($0)\n" }.joined()
        let words = SpecReading.words { _ = try Self.build(text) }
        #expect(words.contains("Containerfile:257:1: it names more than 256 images"), "\(words)")
    }

    @Test("a Containerfile that is not there is an error at its key")
    func missing() {
        let words = SpecReading.words { _ = try SpecReading.package("build: {containerfile: Containerfile}") }
        #expect(words.contains("package.yaml:4:24: there is no file Containerfile in the package's folder"), "\(words)")
    }
}
