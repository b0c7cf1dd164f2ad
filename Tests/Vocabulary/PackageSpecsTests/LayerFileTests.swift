import PackageSpecs
import SystemPackage
import Testing

@Suite("boatyard.yaml")
struct LayerFileTests {
    @Test("every key is read")
    func everything() throws {
        let layer = try SpecReading.layer(
            """
            format: 1
            name: harbour
            layers:
              - {name: foundation, repository: "oci://${values.host}/foundation", snapshot: 41, key: keys/f.pub}
              - {name: ground, repository: "oci:layout", key: /etc/keys/g.pub, images: "oci:os"}
              - {name: rock, key: /etc/keys/g.pub, images: "oci://r.example/rock"}
            repository: oci://${values.host}/${name}/packages
            cache: oci://${values.host}/cache
            values: {host: "${env:HOST}", colour: blue}
            accounts: {sshd: 101, tide: 102}
            """, environment: ["HOST": "registry.example:5000"])
        #expect(layer.name == "harbour")
        #expect(
            layer.layers.map { "\($0.name) \($0.repository) \($0.snapshot ?? 0) \($0.key) \($0.place)" } == [
                "foundation oci://registry.example:5000/foundation 41 keys/f.pub boatyard.yaml:4:5",
                "ground oci:layout 0 /etc/keys/g.pub boatyard.yaml:5:5",
            ])
        #expect(
            layer.images.map { "\($0.name) \($0.reference) \($0.key) \($0.place)" } == [
                "ground oci:os /etc/keys/g.pub boatyard.yaml:5:5",
                "rock oci://r.example/rock /etc/keys/g.pub boatyard.yaml:6:5",
            ])
        #expect(layer.lowerKeys == ["keys/f.pub", "/etc/keys/g.pub"])
        #expect(layer.repository.map { "\($0.value)" } == "oci://registry.example:5000/harbour/packages")
        #expect(layer.caches.map { "\($0.value)" } == ["oci://registry.example:5000/cache"])
        #expect(
            layer.values.mapValues { "\($0.text) \($0.origin)" } == [
                "host": "registry.example:5000 boatyard.yaml:9:10", "colour": "blue boatyard.yaml:9:31",
            ])
        #expect(layer.accounts == ["sshd": 101, "tide": 102])
        #expect(layer.environmentUses.map(\.name) == ["HOST"])
    }

    @Test("several caches are a list")
    func caches() throws {
        let layer = try SpecReading.layer("format: 1\nname: a\ncache: [oci://a.example/c, oci:cache]")
        #expect(layer.caches.map { "\($0.value)" } == ["oci://a.example/c", "oci:cache"])
    }

    @Test(
        "what is wrong is said with its place",
        arguments: [
            ("name: a", "1:1: the first key must be 'format: 1'"),
            ("format: 1", "1:1: the layer needs format and name"),
            ("format: 1\nname: a b", "2:7: 'a b' must be at most 64 letters"),
            ("format: 1\nname: a\nlayer: []", "3:1: unknown key 'layer' (did you mean 'layers'?)"),
            ("format: 1\nname: a\nrepository: oci://a.example/b:tag", "3:13: 'oci://a.example/b:tag' is no repository"),
            (
                "format: 1\nname: a\nrepository: oci://a.example/b@sha256:x",
                "3:13: 'oci://a.example/b@sha256:x': after '@'"
            ),
            ("format: 1\nname: a\nrepository: packages", "3:13: 'packages': "),
            ("format: 1\nname: a\nrepository: oci://a.example/${version}", "3:13: ${version} is not known here"),
            (
                "format: 1\nname: a\nlayers: [{name: b, repository: oci://a.example/b}]",
                "3:10: a layer needs name and key"
            ),
            ("format: 1\nname: a\nlayers: [{name: b, key: k}]", "3:10: a layer needs its repository, or its images"),
            (
                "format: 1\nname: a\nlayers: [{name: b, images: 'oci:i', snapshot: 1, key: k}]",
                "3:10: 'snapshot' needs 'repository'"
            ),
            (
                "format: 1\nname: a\nlayers: [{name: b, repository: oci://a/b, key: k}, {name: b, repository: oci://a/b, key: k}]",
                "3:52: two layers are called b"
            ),
            ("format: 1\nname: a\naccounts: {sshd: 0}", "3:18: accounts.sshd must be a whole number from 1 to 65533"),
            ("format: 1\nname: a\naccounts: {a: 7, b: 7}", "3:18: a and b have the number 7"),
            ("format: 1\nname: a\naccounts: {Tide: 7}", "3:12: 'Tide' must be the name of an account"),
            ("format: 1\nname: a\nvalues: {x: '${name}'}", "3:13: ${name} is not known here"),
        ])
    func refused(text: String, reason: String) {
        let words = SpecReading.words { _ = try SpecReading.layer(text) }
        #expect(words.hasPrefix("reading boatyard.yaml:\(reason)"), "\(words)")
    }
}

@Suite("A layer")
struct LayerSpecsTests {
    private static func specs(_ texts: [String]) throws -> LayerSpecs {
        try LayerSpecs(
            try SpecReading.layer("format: 1\nname: l\nvalues: {known: '1'}"),
            try texts.map { try SpecReading.packages($0) })
    }

    @Test("packages are in the order of names, then of versions")
    func order() throws {
        let names = [("b/a", "1"), ("a/b", "1.10"), ("a/b", "1.9"), ("a/a", "2")]
        let specs = try Self.specs(names.map { "format: 1\nname: \($0.0)\nversion: '\($0.1)'\nrequires: [x/y]" })
        #expect(specs.packages.map { "\($0.name) \($0.version)" } == ["a/a 2", "a/b 1.9", "a/b 1.10", "b/a 1"])
    }

    @Test("one name and version in two places is an error that names both")
    func twice() {
        let text = "format: 1\nname: a/b\nversion: 1\nrequires: [x/y]\n"
        let split = "format: 1\nname: a/c\nversion: 1\nartefact: {files: t}\nsplit: [{name: a/b, include: [/x]}]"
        for other in [text, split] {
            let words = SpecReading.words { _ = try Self.specs([text, other]) }
            #expect(
                words.hasPrefix("reading the packages a/b 1: it is in packages/tide/package.yaml:2:7 and in packages"),
                "\(words)")
        }
        #expect(throws: Never.self) { try Self.specs([text, text + "variants: [{version: 2}]"]) }
    }

    @Test("values that nothing knows are found")
    func unknown() throws {
        let specs = try Self.specs([SpecReading.head + "requires: [a/b]\nvalues: {own: '1'}"])
        var context = SpecContext(architecture: "amd64", environment: [:], layer: specs.layer)
        for name in ["own", "onw", "known"] { context.values[name] = SpecValue("1", from: .option) }
        #expect(specs.unknownSettings(context) == ["onw"])
    }
}
