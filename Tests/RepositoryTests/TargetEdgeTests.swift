import Testing

@Suite("Target edges")
struct TargetEdgeTests {
    @Test("targets depend downwards, on the layers that theirs may use")
    func edges() throws {
        let manifest = try PackageManifest()
        for target in manifest.products {
            let layer = try #require(target.layer)
            for used in target.uses {
                let isFine = layer.mayUse(used, of: manifest.layer(of: used))
                #expect(isFine, "\(target.name) (\(layer.rawValue)) must not use \(used)")
            }
        }
    }

    @Test("lifeboot-init reaches no outside package but SystemPackage")
    func initramfs() throws {
        let manifest = try PackageManifest()
        let reached = closure(of: "lifeboot-init", manifest)
        #expect(reached.filter { manifest.layer(of: $0) == nil } == ["SystemPackage"])
    }

    @Test("only boatyard, its manual and what serves reach the server's packages, and only one target imports them")
    func server() throws {
        let manifest = try PackageManifest()
        let names = manifest.targets.map(\.name).filter { !closure(of: $0, manifest).isDisjoint(with: Layer.server) }
        let serving = ["WebServing", "ServingCommands"]
        #expect(Set(names) == Set(serving + serving.map { "\($0)Tests" } + ["boatyard", "manual-pages"]))
        let importing = try Repository.swiftFiles("Sources").filter { file in
            file.imports.contains { $0.hasPrefix("NIO") || $0.hasPrefix("Hummingbird") }
        }
        #expect(Set(importing.map(\.target)) == ["WebServing"])
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
