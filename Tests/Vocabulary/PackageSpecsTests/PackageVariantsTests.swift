import PackageSpecs
import SystemPackage
import Testing
import YAMLDocuments

@Suite("Values and variants")
struct PackageVariantsTests {
    private static let file = """
        format: 1
        name: system/grub
        version: 2.06-13
        description: ${name} for ${values.target}, ${values.colour}
        requires: [system/base]
        values: {target: pc, colour: grey}
        finalize: ["grub-install ${values.target} # ${HOME}"]
        variants:
          - {}
          - name: system/grub-efi
            version: "${values.release}-1"
            values: {target: efi, release: "2.12"}
            requires: [system/base, "system/shim = ${version}"]
          - {name: system/grub-arm, values: {target: arm}, when: {arch: arm64}}
        """

    @Test("a file is one package for each variant, and says what they have in common")
    func variants() throws {
        let packages = try SpecReading.packages(Self.file).packages
        #expect(packages.map { "\($0.name) \($0.version)" } == ["system/grub 2.06-13", "system/grub-efi 2.12-1"])
        #expect(packages.map(\.summary) == ["system/grub for pc, grey", "system/grub-efi for efi, grey"])
        #expect(packages[1].requires.map { "\($0.value)" } == ["system/base", "system/shim = 2.12-1"])
        #expect(
            packages.map { $0.finalize.map(\.value) } == [
                ["grub-install pc # ${HOME}"], ["grub-install efi # ${HOME}"],
            ])
        #expect(packages.map { "\($0.place)".split(separator: "yaml:").last } == ["2:7", "10:11"])
    }

    @Test("a variant with a condition is there when it holds")
    func condition() throws {
        let packages = try SpecReading.packages(Self.file, SpecContext(architecture: "arm64")).packages
        #expect(packages.map { "\($0.name)" } == ["system/grub", "system/grub-efi", "system/grub-arm"])
    }

    @Test("a variant's values win, then the command line's, flavours', the layer's, the file's")
    func order() throws {
        let layer = try SpecReading.layer("format: 1\nname: l\nvalues: {target: layer, colour: layer, release: layer}")
        let flavour = try FlavourFile.values(
            of: try YAMLDocument.parse(Array("format: 1\nvalues: {colour: green, release: '3'}".utf8)),
            file: "values/green.yaml", environment: [:])
        let option = try SpecValue.option("release=4")
        let context = SpecContext(
            architecture: "amd64", environment: [:], layer: layer, flavours: [flavour],
            options: [option.name: option.value])
        let packages = try SpecReading.packages(Self.file, context).packages
        #expect(packages.map(\.summary) == ["system/grub for layer, green", "system/grub-efi for efi, green"])
        #expect("\(packages[1].version)" == "2.12-1")
        #expect(
            packages[1].usedValues.map { "\($0.name)=\($0.value.text) \($0.value.origin)" } == [
                "colour=green values/green.yaml:2:10", "release=2.12 packages/tide/package.yaml:12:27",
                "target=efi packages/tide/package.yaml:12:14",
            ])
        #expect("\(try #require(context.values["release"]).origin)" == "--set")
    }

    @Test("the environment can be put into values, and every package says so")
    func environment() throws {
        let text =
            SpecReading.head
            + "requires: [a/b]\nvalues: {build: 'b${env:BUILD}'}\ndescription: ${values.build} ${env:USER}"
        let context = SpecContext(architecture: "amd64", environment: ["BUILD": "7", "USER": "u"])
        let package = try #require(try SpecReading.packages(text, context).packages.first)
        #expect(package.summary == "b7 u")
        #expect(
            package.environmentUses.map { "\($0.name) \($0.place)" } == [
                "BUILD packages/tide/package.yaml:5:17", "USER packages/tide/package.yaml:6:14",
            ])
    }

    @Test("a value that looks like nothing is a text", arguments: ["null", "~"])
    func nothing(value: String) throws {
        let context = SpecContext(architecture: "amd64", values: ["v": SpecValue(value, from: .option)])
        let package = try SpecReading.package("requires: [a/b]\ndescription: ${values.v}", context)
        #expect(package.summary == value)
    }

    @Test("values that are not used are in nothing that a package says")
    func unused() throws {
        let package = try SpecReading.package("requires: [a/b]\nvalues: {x: '1'}")
        #expect(package.usedValues == [])
        #expect(try SpecReading.packages(SpecReading.head + "requires: [a/b]\nvalues: {x: '1'}").valueNames == ["x"])
    }

    @Test(
        "a variant that says what it cannot is an error",
        arguments: [
            ("variants: [{steps: []}]", "unknown key 'steps'; known are name, version, values, requires, when"),
            ("variants: [{name: x}]", "4:19: 'x': it is not of the form category/name"),
            ("variants: {}", "variants must be a list"), ("variants: [x]", "an element of variants must be a mapping"),
            ("variants: [{values: {a: '${values.b}'}}]", "no value can be put in here"),
        ])
    func refused(rest: String, reason: String) {
        let words = SpecReading.words { _ = try SpecReading.package(rest) }
        #expect(words.contains(reason), "\(words)")
    }

    @Test("there are not more variants than anybody writes")
    func limit() {
        let list = Array(repeating: "{}", count: 65).joined(separator: ", ")
        let words = SpecReading.words { _ = try SpecReading.package("variants: [\(list)]") }
        #expect(words.contains("4:11: variants has more than 64 elements"), "\(words)")
    }

    @Test("all variants of a file share what may be put into texts")
    func budget() {
        let value = String(repeating: "x", count: 4000)
        let step = String(repeating: "${values.v}", count: 100)
        let variants = (0..<40).map { "{name: a/b\($0)}" }.joined(separator: ", ")
        let words = SpecReading.words {
            _ = try SpecReading.package(
                "values: {v: \(value)}\nrequires: [a/a]\nbuild: {from: {packages: [a/c]}, steps: ['\(step)']}\nvariants: [\(variants)]"
            )
        }
        #expect(words.contains("the values in this file add up to more than 4194304 bytes"), "\(words.prefix(300))")
    }

    @Test("options are NAME=VALUE, and the value may be anything", arguments: ["a=b=c", "a="])
    func options(text: String) throws {
        #expect(try SpecValue.option(text).name == "a")
        #expect(try SpecValue.option(text).value.text == String(text.dropFirst(2)))
    }

    @Test("other options are refused", arguments: ["a", "=b", "", "a b=c", "values.a=b"])
    func noOptions(text: String) {
        #expect(throws: SpecError.self) { try SpecValue.option(text) }
    }
}
