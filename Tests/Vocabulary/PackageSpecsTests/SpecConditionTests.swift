import PackageSpecs
import Testing

@Suite("Conditions")
struct SpecConditionTests {
    private static let context = SpecContext(
        architecture: "arm64", values: ["distribution": SpecValue("debian", from: .option)])

    private static func steps(_ condition: String) throws -> [String] {
        let text = """
            build:
              from: {image: docker.io/library/debian}
              steps:
                - always
                - {run: sometimes, when: \(condition)}
            """
        return try SpecReading.package(text, context).build?.steps.map(\.value) ?? []
    }

    @Test(
        "all that is named must hold, and of a list one",
        arguments: [
            ("{values.distribution: debian}", true), ("{values.distribution: alpine}", false),
            ("{arch: arm64}", true), ("{arch: amd64}", false), ("{arch: [amd64, arm64]}", true),
            ("{values.distribution: debian, arch: arm64}", true), ("{values.distribution: debian, arch: 386}", false),
            ("{values.distribution: [alpine, fedora]}", false), ("{}", true), ("", true), ("{arch: []}", false),
        ])
    func holds(condition: String, isThere: Bool) throws {
        #expect(try Self.steps(condition) == (isThere ? ["always", "sometimes"] : ["always"]))
    }

    @Test(
        "what can never hold is an error",
        arguments: [
            ("{arch: x86_64}", "'x86_64' is no architecture (did you mean 'amd64'?)"),
            ("{arch: amd46}", "'amd46' is no architecture (did you mean 'amd64'?)"),
            ("{values.distributoin: debian}", "no value 'distributoin' (did you mean 'distribution'?)"),
            ("{distribution: debian}", "unknown key 'distribution'; known are arch, values.distribution"),
            ("{values.distribution: '${name}'}", "without '$'"), ("{arch: {a: b}}", "arch must be a text"),
            ("yes", "when must be a mapping"),
        ])
    func refused(condition: String, reason: String) {
        let words = SpecReading.words { _ = try Self.steps(condition) }
        #expect(words.contains(reason), "\(words)")
        #expect(words.hasPrefix("reading packages/tide/package.yaml:8:"), "\(words)")
    }

    @Test("every list takes them: requests, globs, downloads, copies, splits, secrets and commands")
    func lists() throws {
        let package = try SpecReading.package(
            """
            requires: [app/a, {item: app/b, when: {arch: amd64}}, {item: app/c}]
            build:
              from: {packages: [{item: app/d, when: {arch: arm64}}, {item: app/e, when: {arch: amd64}}]}
              fetch:
                - {url: "https://x.example/a", to: a, when: {arch: amd64}}
                - {url: "https://x.example/b", to: b, when: {arch: arm64}}
              copy: [{package: app/f, source: /f, destination: /f, when: {arch: amd64}}]
              secrets: [{name: token, environment: TOKEN, when: {arch: amd64}}]
              steps: [make]
            artefact: {exclude: [/x, {item: /y, when: {arch: amd64}}]}
            split: [{name: app/doc, include: [/usr/share/doc/**], when: {arch: amd64}}]
            finalize: [{run: depmod, when: {values.distribution: debian}}]
            """, Self.context)
        #expect(package.requires.map { "\($0.value)" } == ["app/a", "app/c"])
        #expect(package.build?.requests.map { "\($0.value)" } == ["app/d"])
        #expect(package.build?.fetches.map(\.url) == ["https://x.example/b"])
        #expect(package.build?.copies == [] && package.build?.secrets == [])
        #expect(package.artefact?.exclude == ["/x"])
        #expect(package.splits == [])
        #expect(package.finalize.map(\.value) == ["depmod"])
        #expect(package.usedValues.map(\.name) == ["distribution"])
    }

    @Test("an unknown key is an error also where a condition takes it away")
    func strict() {
        let words = SpecReading.words {
            _ = try SpecReading.package(
                """
                build:
                  from: nothing
                  fetch: [{url: "https://x.example/a", too: a, when: {arch: amd64}}]
                """, Self.context)
        }
        #expect(
            words.contains(
                "package.yaml:6:40: unknown key 'too' (did you mean 'to'?); known are url, sha256, to, when"),
            "\(words)")
    }
}
