import PackageModel
import PackageSpecs
import SystemPackage
import Testing

@Suite("artefact")
struct ArtefactSpecTests {
    private static let build = "build: {from: {image: a.example/b}, steps: [make]}\n"

    @Test(
        "one source counts, and the difference when none is named",
        arguments: [
            (build, ArtefactSpec.Source.difference), (build + "artefact: {exclude: [/x]}", .difference),
            (build + "artefact: {difference: {}}", .difference), (build + "artefact:\n  difference:", .difference),
            (build + "artefact: {directory: /output/}", .directory("/output")),
            (build + "artefact: {tree: {}}", .tree), ("artefact: {files: tree/}", .files("tree")),
        ])
    func source(text: String, source: ArtefactSpec.Source) throws {
        #expect(try SpecReading.package(text).artefact?.source == source)
    }

    @Test("globs are kept as they are written")
    func globs() throws {
        let text =
            Self.build + "artefact: {include: [/usr/**, '/etc/*.d/?'], exclude: ['/**/*.gz'], removes: [/etc/motd]}"
        let artefact = try #require(try SpecReading.package(text).artefact)
        #expect(artefact.include == ["/usr/**", "/etc/*.d/?"] && artefact.exclude == ["/**/*.gz"])
        #expect(artefact.removes.map { "\($0.value) \($0.place)" } == ["/etc/motd packages/tide/package.yaml:5:79"])
    }

    @Test(
        "what makes no sense is an error",
        arguments: [
            (build + "artefact: {tree: {}, directory: /x}", "artefact has several sources"),
            (build + "artefact: {files: tree}", "5:1: 'files' takes files of the folder without a container"),
            ("artefact: {tree: {}}", "it takes files of a container, and there is no build"),
            ("artefact: {exclude: [/x]}", "it takes files of a container, and there is no build"),
            ("artefact: {files: .}", "must name something below it"),
            (build + "artefact: {tree: {all: true}}", "unknown key 'all'"),
            (build + "artefact: {include: [usr/**]}", "'usr/**' must be an absolute path"),
            (build + "artefact: {include: [/usr/../etc]}", "must be an absolute path"),
            (build + "artefact: {include: [/usr/a**]}", "must be an absolute path"),
            (build + "artefact: {include: [/]}", "must be an absolute path"),
            (build + "artefact: {directory: /x, removes: [/y]}", "removes needs a difference from a base"),
            (build + "artefact: {tree: {}, removes: [/y]}", "removes needs a difference from a base"),
            ("artefact: {files: tree, overrides: [/etc/issue]}", "4:37: overrides of nothing"),
            (
                "build: {from: nothing, fetch: [{url: 'https://x/a', to: /a}]}\nartefact: {overrides: [/a]}",
                "overrides of nothing"
            ),
            (
                "build: {from: nothing, fetch: [{url: 'https://x/a', to: /a}]}\nartefact: {removes: [/a]}",
                "removes needs"
            ),
            ("hidden: true", "2:1: it has no build, no artefact and requires nothing"),
            ("requires: [a/b]\nsplit: [{name: a/c, include: [/x]}]", "there is nothing to split"),
            (build + "split: [{name: app/tide, include: [/x]}]", "app/tide is split off twice"),
            (build + "split: [{name: a/c, include: []}]", "a split needs name and include"),
            (build + "split: [{name: a/c}]", "a split needs name and include"),
            ("requires: [a/b, app/tide]", "4:17: app/tide requires itself"),
            ("requires: [a/b]\nlabels: {x: \(String(repeating: "y", count: 5000))}", "labels.x must be one line"),
            (
                "requires: [a/b]\nlabels: {\((0..<100).map { "x\($0): " + String(repeating: "y", count: 4000) }.joined(separator: ", "))}",
                "2:1: its description has 4"
            ),
            (
                "requires: [a/b]\nartefact: {files: t}\nsplit: [{name: \(String(repeating: "a", count: 48))/"
                    + "\(String(repeating: "b", count: 48)), include: [/x]}]\nvariants: [{version: 1.\(String(repeating: "2", count: 60))}]",
                "is longer than 128 bytes. Shorten its name or its version"
            ),
        ])
    func refused(text: String, reason: String) {
        let words = SpecReading.words { _ = try SpecReading.package(text) }
        #expect(words.contains(reason), "\(words)")
    }

    @Test("overrides of what a package requires make sense without a base")
    func overrides() throws {
        let text = "requires: [system/base]\nartefact: {files: tree, overrides: [/etc/issue]}"
        #expect(try SpecReading.package(text).artefact?.overrides.map(\.value) == ["/etc/issue"])
    }

    @Test("splits take version and licence of their package, and say the rest themselves")
    func splits() throws {
        let package = try SpecReading.package(
            Self.build + """
                license: MIT
                description: Tells the tide
                requires: [system/base]
                split:
                  - {name: app/tide-doc, include: [/usr/share/doc/**]}
                  - {name: app/tide-dev, description: Headers, requires: ["app/tide = ${version}"], include: [/usr/include/**]}
                """)
        let metadata = package.splits.map(package.metadata(of:))
        #expect(
            metadata.map { "\($0.name) \($0.version) \($0.summary)" } == [
                "app/tide-doc 1.2 Tells the tide", "app/tide-dev 1.2 Headers",
            ])
        #expect(metadata.map { $0.requires.map(\.description) } == [[], ["app/tide = 1.2"]])
        #expect(metadata.map(\.license) == ["MIT", "MIT"])
        #expect("\(package.splits[1].place)" == "packages/tide/package.yaml:10:12")
    }

    @Test("a virtual package is a name for others")
    func virtual() throws {
        let package = try SpecReading.package("requires: [system/base, system/kernel]")
        #expect(package.isVirtual && package.build == nil)
        #expect(try !SpecReading.package(Self.build).isVirtual)
    }
}
