import Faults
import Foundation
import LayerFolders
import PackageSpecs
import SystemPackage
import Testing

@Suite("The folder of a layer")
struct LayerFolderTests {
    private static let example = FilePath(#filePath).removingLastComponent().appending("Example")

    private static func example(_ layer: String) throws -> LayerReading {
        try LayerFolder(example.appending(layer)).read(LayerRequest(architecture: "amd64", environment: [:]))
    }

    @Test("the example of a foundation reads without a remark")
    func foundation() throws {
        let reading = try Self.example("foundation")
        #expect(reading.faults == [] && reading.notes == [])
        let specs = try reading.specs()
        #expect(
            specs.packages.map { "\($0.name) \($0.version)" } == [
                "lifeboot/agent 0.5.0", "lifeboot/grub 2.06-13", "system/base 12.12-1", "system/foundation 1.2.0",
                "system/kernel 6.1.192-2",
            ])
        #expect(
            specs.images.map { "\($0.value) \($0.place)" } == [
                "oci://docker.io/library/debian:12-slim packages/base/package.yaml:7:17"
            ])
        let kernel = try #require(specs.packages.last?.build)
        #expect(
            kernel.steps.map(\.value) == [
                "apt-get update", "apt-get install --yes --no-install-recommends linux-image-cloud-amd64=6.1.192-2",
            ])
        #expect(kernel.hasNetwork)
        #expect(specs.packages.map(\.isVirtual) == [false, false, false, true, false])
        #expect(specs.layer.repository.map { "\($0.value)" } == "oci://registry.example/foundation/packages")
    }

    @Test("the example of a customization layer reads without a remark")
    func harbour() throws {
        let reading = try Self.example("harbour")
        #expect(reading.faults == [] && reading.notes == [])
        let specs = try reading.specs()
        #expect(
            specs.layer.layers.map { "\($0.name) \($0.snapshot ?? 0) \($0.key)" } == [
                "foundation 41 keys/foundation.pub"
            ])
        #expect(specs.packages.map(\.folder) == ["packages/tide"])
        #expect(
            specs.outsideRequests(having: []).map { "\($0.value) \($0.place)" } == [
                "system/foundation >= 1.2 packages/tide/package.yaml:7:12",
                "system/base packages/tide/package.yaml:9:21",
            ])
    }

    @Test("packages are found at any depth, and none inside of another one")
    func depth() throws {
        let fixture = try LayerFixture([
            "packages/a/package.yaml": LayerFixture.package("a/a"),
            "packages/b/c/d/package.yaml": LayerFixture.package("a/d"),
            "packages/a/tree/usr/package.yaml": "nothing of ours", "packages/.git/package.yaml": "nothing of ours",
            "packages/README": "x", "other/package.yaml": "nothing of ours",
        ])
        #expect(try fixture.read().specs().packages.map(\.folder) == ["packages/a", "packages/b/c/d"])
    }

    @Test("a layer need not have packages")
    func empty() throws {
        let fixture = try LayerFixture([:])
        #expect(try fixture.read().specs().packages == [])
    }

    @Test("a folder without boatyard.yaml is no layer")
    func noLayer() throws {
        let fixture = try LayerFixture(["x": ""])
        try fixture.remove("boatyard.yaml")
        let error = #expect(throws: SpecError.self) { try fixture.read() }
        #expect(error?.description.contains("there is no boatyard.yaml in it") == true)
        #expect(throws: SpecError.self) {
            try LayerFolder("/nowhere/at/all").read(LayerRequest(architecture: "amd64", environment: [:]))
        }
    }

    @Test("every file's fault is told, and the first one keeps the layer from being used")
    func faults() throws {
        let fixture = try LayerFixture([
            "packages/a/package.yaml": LayerFixture.package("a/a", "nonsense: 1"),
            "packages/b/package.yaml": "a: [",
            "packages/c/package.yaml": LayerFixture.package("a/c"),
        ])
        let reading = try fixture.read()
        #expect(reading.faults.count == 2)
        #expect(reading.faults.first?.description.hasPrefix("reading packages/a/package.yaml:4:1: unknown key") == true)
        #expect(reading.faults.last?.description.hasPrefix("reading packages/b/package.yaml:") == true)
        let error = #expect(throws: SpecError.self) { try reading.specs() }
        #expect(error == reading.faults.first)
    }

    @Test("one name and version in two files is an error that names both")
    func twice() throws {
        let text = LayerFixture.package("a/a")
        let fixture = try LayerFixture(["packages/a/package.yaml": text, "packages/b/package.yaml": text])
        #expect(
            try fixture.read().faults.map(\.description) == [
                "reading the packages a/a 1: it is in packages/a/package.yaml:2:7 and in packages/b/package.yaml:2:7. "
                    + "Rename one of them, or give it another version."
            ])
    }

    @Test("links are not followed, and what would be missed by that is told")
    func links() throws {
        let fixture = try LayerFixture([
            "elsewhere/package.yaml": LayerFixture.package("a/a"), "packages/b/x": "", "packages/c/package.yml": "",
            "packages/d/y": "",
        ])
        try fixture.link("packages/a", to: "../elsewhere")
        try fixture.link("packages/b/package.yaml", to: "../../elsewhere/package.yaml")
        try fixture.link("packages/README", to: "../boatyard.yaml")
        try fixture.link("packages/d/gone", to: "nowhere")
        let faults = try fixture.read().faults.map(\.description)
        #expect(faults.count == 3)
        for (fault, name) in zip(faults, ["packages/a", "packages/b/package.yaml", "packages/c/package.yml"]) {
            #expect(fault.hasPrefix("looking for packages in \(name): "), "\(fault)")
        }
        let other = try LayerFixture(["x/package.yaml": ""])
        try other.link("packages", to: "x")
        #expect(try other.read().faults.count == 1)
    }

    @Test("a layer that goes too deep is refused instead of searched")
    func tooDeep() throws {
        let deep = Array(repeating: "x", count: 20).joined(separator: "/")
        let fixture = try LayerFixture(["packages/\(deep)/package.yaml": LayerFixture.package("a/a")])
        let error = #expect(throws: SpecError.self) { try fixture.read() }
        #expect(error?.kind == .limit)
    }

    @Test("flavours are read in their order, options win, and what nothing knows is told")
    func values() throws {
        let fixture = try LayerFixture([
            "packages/a/package.yaml": LayerFixture.package(
                "a/a", "description: ${values.c}\nrequires: [x/y]\nvalues: {c: a}"),
            "values/green.yaml": "format: 1\nvalues: {c: green, other: '1'}",
            "values/blue.yaml": "format: 1\nvalues: {c: blue}",
            "values/notes.txt": "",
        ])
        #expect(try fixture.folder.flavours() == ["blue", "green"])
        let summary: ((inout LayerRequest) -> Void) throws -> String? = {
            try fixture.read($0).specs().packages.first?.summary
        }
        #expect(try summary { _ in } == "a")
        #expect(try summary { $0.flavours = ["green", "blue"] } == "blue")
        #expect(try summary { ($0.flavours, $0.options) = (["blue"], ["c=x", "c=y"]) } == "y")
        let reading = try fixture.read { ($0.flavours, $0.options) = (["green"], ["cc=1"]) }
        #expect(reading.notes == ["values/green.yaml:2:20: no file of the layer has a value 'other'"])
        #expect(reading.faults.map(\.cause) == ["no file of the layer has a value 'cc'; did you mean 'c'?"])
        let error = #expect(throws: SpecError.self) { try fixture.read { $0.flavours = ["gren"] } }
        #expect(error?.cause == "there is no file values/gren.yaml; did you mean 'green'?")
        #expect(throws: SpecError.self) { try fixture.read { $0.flavours = ["../values/green"] } }
    }

    @Test("a Containerfile is read from the package's folder, and no link leads it out of the layer")
    func containerfile() throws {
        let fixture = try LayerFixture([
            "packages/a/package.yaml": LayerFixture.package("a/a", "build: {containerfile: image/Containerfile}"),
            "packages/a/image/Containerfile": "FROM quay.example/x:${version}\n",
        ])
        #expect(try fixture.read().specs().images.map { "\($0.value)" } == ["oci://quay.example/x:1"])
        try fixture.remove("packages/a/image/Containerfile")
        try fixture.link("packages/a/image/Containerfile", to: "/etc/hostname")
        #expect(
            try fixture.read().faults.first?.cause == "there is no file image/Containerfile in the package's folder")
    }

    @Test("a lock is written whole and read back; a layer without one has none")
    func lock() throws {
        let fixture = try LayerFixture([:])
        #expect(try fixture.folder.lock() == nil)
        var lock = LockFile()
        lock.environment = ["X"]
        try fixture.folder.write(lock)
        #expect(try fixture.folder.lock() == lock)
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.path.string).sorted()
        #expect(names == ["boatyard.lock", "boatyard.yaml"])
    }
}
