import LinuxSystem
import RegistryModel
import SystemPackage
import Testing
import TreeFixtures

@testable import PackageBuilding

@Suite("Looking at a layer")
struct LayerCheckTests {
    /// What is found in a layer whose packages are `name: rest of the file`.
    private static func findings(
        _ packages: [String: String], layer rest: String = "", lock: String? = nil
    ) throws -> (faults: [String], notes: [String]) {
        let space = try Workspace()
        let layer = space.place("layer")
        try Folders.make(layer)
        try AtomicFile.write(Array("format: 1\nname: little\n\(rest)\n".utf8), to: layer.appending("boatyard.yaml"))
        for (name, text) in packages {
            let folder = layer.appending("packages/\(name)")
            try Folders.make(folder)
            let file = "format: 1\nname: a/\(name)\nversion: 1.0\n\(text)\n"
            try AtomicFile.write(Array(file.utf8), to: folder.appending("package.yaml"))
        }
        if let lock { try AtomicFile.write(Array(lock.utf8), to: layer.appending("boatyard.lock")) }
        let choice = LayerChoice(
            layer, cache: space.place("cache"), access: RegistryConfiguration(authFiles: []))
        let found = try LayerCheck.findings(choice, environment: [:])
        // Nothing is made by looking.
        #expect(try FileStatus.of(space.place("cache")) == nil)
        return found
    }

    @Test("finds nothing where nothing is wrong")
    func fine() throws {
        let found = try Self.findings(["one": "artefact: {files: tree/}"])
        #expect(found.faults == [] && found.notes == [], "\(found)")
    }

    @Test("finds the faults of all files, with their places")
    func faults() throws {
        let found = try Self.findings(["one": "colour: red", "two": "artefact: {files: 7"])
        #expect(found.faults.count == 2)
        #expect(found.faults[0].contains("packages/one/package.yaml:4:1"), "\(found.faults)")
        #expect(found.faults[1].contains("packages/two/package.yaml"), "\(found.faults)")
    }

    @Test("finds packages that need each other, and what no package is")
    func graph() throws {
        let cycle = try Self.findings([
            "one": "build: {from: {packages: [a/two]}, steps: [make]}",
            "two": "build: {from: {packages: [a/one]}, steps: [make]}",
        ])
        #expect(cycle.faults.count == 1 && cycle.faults[0].contains("a/one"), "\(cycle.faults)")
        let missing = try Self.findings(["one": "build: {from: {packages: [a/nine]}, steps: [make]}"])
        #expect(missing.faults.count == 1 && missing.faults[0].contains("a/nine"), "\(missing.faults)")
    }

    /// A lock with the package `b/low` of a layer below.
    private static let lock = """
        {"format": 1,
         "repositories": {"oci:/below": {"revision": 1, "manifest": "sha256:\(String(repeating: "a", count: 64))"}},
         "packages": [{"name": "b/low", "version": "1.0", "architecture": "amd64", "repository": "oci:/below",
                       "manifest": "sha256:\(String(repeating: "b", count: 64))"}]}
        """

    @Test("takes what the lock has of a layer below, and leaves open what it does not have yet")
    func lowerLayer() throws {
        let below = "layers: [{name: below, repository: \"oci:/below\", key: keys/below.pub}]"
        let one = ["one": "build: {from: {packages: [b/low]}, steps: [make]}"]
        let whole = try Self.findings(one, layer: below, lock: Self.lock)
        #expect(whole.faults == [] && whole.notes == [], "\(whole)")
        let open = try Self.findings(one, layer: below)
        #expect(open.faults == [] && open.notes.contains { $0.contains("b/low is not in boatyard.lock") }, "\(open)")
        // With nothing below, or a lock that has all, nobody else can have it.
        #expect(try Self.findings(one).faults.count == 1)
        // What the layer's own packages do to each other is plain without the lock.
        let clash = [
            "one": "build: {from: {packages: [b/low]}, steps: [make]}", "two": "artefact: {files: tree/}",
            "three": "conflicts: [a/two]\nartefact: {files: tree/}",
            "zed": "build: {from: {packages: [a/two, a/three]}, steps: [make]}",
        ]
        let faults = try Self.findings(clash, layer: below).faults
        #expect(faults.count == 1 && faults[0].contains("conflicts"), "\(faults)")
    }

    @Test("says what the lock lacks, and what nothing uses")
    func lock() throws {
        let one = "build: {from: {image: oci://a.example/x:1}, steps: [make]}"
        let missing = try Self.findings(["one": one])
        #expect(missing.faults == [] && missing.notes.count == 1)
        #expect(missing.notes[0].contains("oci://a.example/x:1"), "\(missing.notes)")
    }
}
