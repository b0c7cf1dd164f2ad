import DocumentTree
import Faults
import ImageModel
import PackageModel
import RegistryModel
import SystemPackage
import Testing
import YAMLDocuments

@testable import PackageSpecs

@Suite("derivative.yaml")
struct DerivativeFileTests {
    private static func read(_ text: String, _ values: [String: String] = [:]) throws -> DerivativeSpec {
        let document = try YAMLDocument.parse(Array("format: 1\n\(text)".utf8))
        var layer = LayerFile()
        layer.values = values.mapValues {
            SpecValue($0, from: .layer(SpecPlace("boatyard.yaml", .init(line: 1, column: 1))))
        }
        let context = SpecContext(architecture: "amd64", environment: ["CHANNEL": "stable"], layer: layer)
        return try DerivativeFile(document, file: "derivative.yaml").derivative(in: context)
    }

    private static let full = """
        name: harbour
        version: 2026.11.1
        sequence: 17
        base: {image: "${values.image}"}
        packages: ["app/tide >= 1.0", {item: app/arm, when: {arch: arm64}}]
        files: [{source: files}, {source: web/, target: /srv/www}]
        environment: {LANG: C}
        network: true
        steps: ["echo ${version} >/etc/harbour; echo ${HOME}"]
        finalize: [systemctl enable tide, {run: "true", when: {values.image: other}}]
        os-release: {NAME: Harbour, PRETTY_NAME: "Harbour ${version}"}
        oem: oem
        health: health
        layout: layout.yaml
        keys: [keys/harbour.pub]
        kernel: {version: 6.1.0-9, arguments: [console=ttyS0, quiet]}
        boards: [pier]
        minimum-agent: 0.5.0
        reproducible: {exclude: [/var/lib/seed]}
        checks: {allow: [signing-key], allow-setuid: [/usr/bin/su], allow-world-writable: []}
        sizes: {recovery: 1GiB, state: 3 GiB}
        """

    @Test("says all that an image is made of, with values and conditions worked in")
    func full() throws {
        let spec = try Self.read(Self.full, ["image": "docker.io/library/debian:12"])
        #expect(spec.name == "harbour" && spec.version == "2026.11.1" && spec.sequence == 17)
        guard case .image(let image)? = spec.base else { throw Missing() }
        #expect("\(image.value)".contains("docker.io/library/debian:12"))
        #expect(spec.packages.map { "\($0.value)" } == ["app/tide >= 1.0"])
        #expect(
            spec.files == [
                DerivativeFiles(source: "files", target: "/"), DerivativeFiles(source: "web", target: "/srv/www"),
            ])
        #expect(spec.environment == ["LANG": "C"] && spec.hasNetwork)
        // A variable of the shell stays for the shell.
        #expect(spec.steps.map(\.value) == ["echo 2026.11.1 >/etc/harbour; echo ${HOME}"])
        #expect(spec.finalize.map(\.value) == ["systemctl enable tide"])
        #expect(spec.release == ["NAME": "Harbour", "PRETTY_NAME": "Harbour 2026.11.1"])
        #expect(spec.oem == "oem" && spec.health == "health" && spec.layout == "layout.yaml")
        #expect(spec.keys == ["keys/harbour.pub"] && spec.boards == ["pier"])
        #expect(spec.kernelVersion == "6.1.0-9" && spec.kernelArguments == ["console=ttyS0", "quiet"])
        #expect(spec.minimumAgent == AgentVersion(0, 5, 0) && spec.unreproducible == ["/var/lib/seed"])
        #expect(spec.checks.allowed == ["signing-key"] && spec.checks.setuid == ["/usr/bin/su"])
        #expect(spec.checks.worldWritable == [] && spec.sizes == ["recovery": 1 << 30, "state": 3 << 30])
        #expect(spec.usedValues.map(\.name) == ["image"] && "\(spec.place)" == "derivative.yaml:2:7")
    }

    @Test("lies on the image of a layer below, in versions that count, or in any")
    func lower() throws {
        for (text, words) in [("{layer: low}", "low"), ("{layer: low, version: '>= 1, < 2'}", "low >= 1, < 2")] {
            guard case .layer(let wish)? = try Self.read("name: a\nversion: 1\nbase: \(text)").base else {
                throw Missing()
            }
            #expect("\(wish.value)" == words && "\(wish.place)" == "derivative.yaml:4:15")
        }
    }

    private struct Missing: Error {}

    @Test("needs little: a name, a version, and something to be made of")
    func least() throws {
        let spec = try Self.read("name: a\nversion: 1\npackages: [a/b]")
        #expect(spec.base == nil && spec.sequence == nil && spec.kernelVersion == nil && !spec.hasNetwork)
        #expect(spec.checks == DerivativeChecks() && spec.sizes == [:])
    }

    @Test(
        "is refused with the place of what is wrong, and what to write instead",
        arguments: [
            ("name: a\nversion: 1", "neither 'base' nor 'packages'"),
            ("version: 1\npackages: [a/b]", "needs format and name"),
            ("name: a\nversion: 1\npackages: [a/b]\nkernel: {argument: x}", "arguments"),
            ("name: a\nversion: 1\npackages: [a/b]\nkernel: {arguments: ['a b']}", "one argument"),
            ("name: a b\nversion: 1\npackages: [a/b]", "at most 64"),
            ("name: a\nversion: 1/2\npackages: [a/b]", "at most 128"), ("name: a\nversion: 1\nbase: {}", "needs image"),
            ("name: a\nversion: 1\nbase: {layer: a, image: b.c/d}", "not both"),
            ("name: a\nversion: 1\nbase: {image: b.c/d, version: 1}", "needs 'layer'"),
            ("name: a\nversion: 1\nbase: {layer: a, version: \">> 1\"}", "is no condition"),
            ("name: a\nversion: 1\npackages: [a/b]\nfiles: [{source: /etc}]", "path below the folder"),
            ("name: a\nversion: 1\npackages: [a/b]\nfiles: [{source: x, target: y}]", "absolute path"),
            ("name: a\nversion: 1\npackages: [a/b]\nos-release: {name: x}", "os-release(5)"),
            ("name: a\nversion: 1\npackages: [a/b]\nsizes: {boot: 1GiB}", "no partition that an image goes to"),
            ("name: a\nversion: 1\npackages: [a/b]\nsizes: {state: much}", "512MiB"),
            ("name: a\nversion: 1\npackages: [a/b]\nsizes: {state: 99999999999TiB}", "512MiB"),
            ("name: a\nversion: 1\npackages: [a/b]\nminimum-agent: 1", "version of lifeboot"),
            ("name: a\nversion: 1\npackages: ['${values.no}']", "no value 'no'"),
        ])
    func wrong(text: String, words: String) throws {
        let error = #expect(throws: SpecError.self) { try Self.read(text) }
        let said = "\(String(describing: error))"
        #expect(said.contains(words) && said.contains("derivative.yaml:"), "\(said)")
    }

    @Test("enters the lock with its base, its packages and its variables")
    func locked() throws {
        var specs = try LayerSpecs(LayerFile(), [])
        specs.derivative = try Self.read(
            "name: a\nversion: 1\nbase: {image: docker.io/library/debian:12}\npackages: [a/b]\n"
                + "os-release: {VARIANT: '${env:CHANNEL}'}")
        #expect(specs.images.map { "\($0.value)" } == ["oci://docker.io/library/debian:12"])
        #expect(specs.outsideRequests().map { "\($0.value)" } == ["a/b"])
        #expect(specs.environmentUses.map(\.name) == ["CHANNEL"])
    }
}
