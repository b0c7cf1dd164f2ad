import Testing

@Suite("Imports")
struct ImportTests {
    /// Modules of the toolchain, and the layers that may import them; all others are targets or outside packages.
    static let toolchain: [String: Set<Int>] = ["Glibc": [3], "Synchronization": [3, 4, 5]]

    @Test("a file imports only what its target declares and its layer may use")
    func imports() throws {
        let manifest = try PackageManifest()
        for file in try Repository.swiftFiles("Sources") {
            let target = try #require(manifest.targets.first { $0.name == file.target }, "\(file.path) has no target")
            let layer = try #require(manifest.layer(of: file.target))
            for module in file.imports where !target.uses.contains(module) {
                let isAllowed = Self.toolchain[module]?.contains(layer) == true
                #expect(isAllowed, "\(file.path) (layer \(layer)) must not import \(module)")
            }
        }
    }

    @Test("no product imports Foundation")
    func foundation() throws {
        for file in try Repository.swiftFiles("Sources") {
            let found = file.imports.filter { $0.hasPrefix("Foundation") }
            #expect(found == [], "\(file.path): static executables grow by 7 to 50 MB")
        }
    }

    @Test("the import lines of a file are recognised")
    func parsing() {
        let text = "import A\npackage import B\n@testable import C\nimport struct D.E\nlet import_ = \"import F\"\n"
        #expect(SourceFile(path: "Sources/X/Y.swift", text: text).imports == ["A", "B", "C", "D"])
    }
}
