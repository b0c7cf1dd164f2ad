import Testing

@Suite("Target edges")
struct TargetEdgeTests {
    /// Which layers a layer may depend on.
    static let allowed: [Int: Set<Int>] = [
        0: [], 1: [1], 2: [1], 3: [0, 1], 4: [1, 2, 3], 5: [1, 2, 3, 4], 6: [1, 2, 3, 4, 5], 7: [4, 6],
    ]

    /// Outside packages, and the layers that may use them.
    static let outside: [String: Set<Int>] = ["SystemPackage": [1, 2, 3, 4, 5, 6], "ArgumentParser": [6]]

    /// The effects target that all others of its layer may use, and executables, to end the process.
    static let system = "LinuxSystem"

    /// The other one that its layer may use: what is written is addressed and verified by digests everywhere.
    static let digests = "Cryptography"

    /// The one decision target that the others of its layer may use: what an image and a disk consist of.
    static let sharedDecisions = "ImagePlanning"

    @Test("targets depend downwards, on the layers that theirs may use")
    func edges() throws {
        let manifest = try PackageManifest()
        for target in manifest.products {
            let layer = try #require(manifest.layer(of: target.name))
            for used in target.uses {
                let isFine = isAllowed(used, from: layer, manifest)
                #expect(isFine, "\(target.name) (layer \(layer)) must not use \(used)")
            }
        }
    }

    @Test("lifeboot-init reaches no outside package but SystemPackage")
    func initramfs() throws {
        let manifest = try PackageManifest()
        let reached = closure(of: "lifeboot-init", manifest)
        #expect(reached.intersection(Self.outside.keys) == ["SystemPackage"])
    }

    @Test("every library has tests, or is a stated exception")
    func tested() throws {
        let exceptions: Set<String> = []
        let manifest = try PackageManifest()
        let tests = Set(manifest.targets.filter { $0.type == "test" }.map(\.name))
        for layer in manifest.layers where (1...6).contains(layer.number) {
            for target in layer.targets where !exceptions.contains(target) {
                #expect(tests.contains("\(target)Tests"), "\(target) has no tests")
            }
        }
    }

    private func isAllowed(_ used: String, from layer: Int, _ manifest: PackageManifest) -> Bool {
        if let layers = Self.outside[used] { return layers.contains(layer) }
        guard let other = manifest.layer(of: used) else { return false }
        if used == Self.system, [3, 7].contains(layer) { return true }
        if used == Self.digests, layer == 3 { return true }
        if used == Self.sharedDecisions, layer == 2 { return true }
        return Self.allowed[layer]?.contains(other) == true
    }

    private func closure(of name: String, _ manifest: PackageManifest) -> Set<String> {
        var reached: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            let uses = manifest.targets.first { $0.name == next }?.uses ?? []
            open += uses.filter { reached.insert($0).inserted }
        }
        return reached
    }
}
