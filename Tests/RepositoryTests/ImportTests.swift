import Testing

@Suite("Imports")
struct ImportTests {
    @Test("what a target declares is what its files import, no less and no more")
    func imports() throws {
        let files = try Repository.swiftFiles("Sources")
        for target in try PackageManifest().products {
            let layer = try #require(target.layer)
            let imported = Set(files.filter { $0.target == target.name }.flatMap(\.imports))
            let undeclared = imported.subtracting(target.uses).subtracting(layer.outside)
            #expect(undeclared == [], "\(target.name) imports what it does not declare")
            #expect(Set(target.uses).subtracting(imported) == [], "\(target.name) declares what it does not import")
        }
    }

    @Test("a test target can reach what it imports by what it declares")
    func testImports() throws {
        let files = try Repository.swiftFiles("Tests")
        let manifest = try PackageManifest()
        // Python in a literal has import lines, too.
        let modules = Set(manifest.targets.map(\.name)).union(["SystemPackage", "ArgumentParser"])
        for target in manifest.targets where target.type == "test" && target.layer != nil {
            let imported = Set(files.filter { $0.target == target.name }.flatMap(\.imports))
            let undeclared = imported.intersection(modules).subtracting(target.uses)
            #expect(undeclared == [], "\(target.name) imports what it does not declare")
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
        let file = SourceFile(path: "Sources/Effects/X/Y.swift", text: text)
        #expect(file.imports == ["A", "B", "C", "D"])
        #expect(file.target == "X")
    }
}
