import BootModel
import DocumentTree
import ImagePlanning
import ManualPages
import PackageSpecs
import PackageTrees
import Testing

@Suite("Generated tables", .serialized)
struct GeneratedTableTests {
    @Test("the README's steps are those of the program")
    func steps() throws {
        let rows = BootStepKind.allCases.map { "| `\($0.rawValue)` | \($0.explanation) |\n" }
        try Document("README.md").expect("steps", equals: "| step | what it does |\n|---|---|\n" + rows.joined())
    }

    @Test("docs/image-checks.md has every check of the program")
    func checks() throws {
        let rows = ImageChecks.all.map { "| `\($0.name)` | \($0.severity.rawValue) | \($0.finds) | \($0.remedy) |\n" }
        let heading = "| check | | finds | what to do |\n|---|---|---|---|\n"
        try Document("docs/image-checks.md").expect("checks", equals: heading + rows.joined())
    }

    @Test("docs/packages.md has every key of a layer's files, and every rule by which files are left out")
    func packages() throws {
        let page = try Document("docs/packages.md")
        try page.expect("package keys", equals: SpecKind.package.entries.reference)
        try page.expect("layer keys", equals: SpecKind.boatyard.entries.reference)
        let rows = TreeRule.table.map { rule in
            "| \(rule.globs.map { "`\($0)`" }.joined(separator: ", ")) | \(Self.words(rule.action)) | \(rule.reason) |\n"
        }
        try page.expect("rules", equals: "| files | what becomes of them | why |\n|---|---|---|\n" + rows.joined())
    }

    @Test("docs/derivatives.md has every key of derivative.yaml")
    func derivatives() throws {
        try Document("docs/derivatives.md").expect("derivative keys", equals: SpecKind.derivative.entries.reference)
    }

    private static func words(_ action: TreeRule.Action) -> String {
        switch action {
        case .drop: "left out"
        case .remake: "left out; the image makes it again"
        case .refuse: "an error"
        }
    }

    @Test("the README's layers are those of Package.swift")
    func layers() throws {
        let manifest = try PackageManifest()
        let rows = Layer.allCases.map { layer in
            let names = manifest.names(in: layer).map { "`\($0)`" }.joined(separator: " ")
            return "| [\(layer.rawValue)](Sources/\(layer.rawValue)) | \(layer.explanation) | \(names) |\n"
        }
        let heading = "| layer | what it is | targets |\n|---|---|---|\n"
        try Document("README.md").expect("layers", equals: heading + rows.joined())
    }

    @Test("docs/architecture.md explains every target once, in the order of Package.swift")
    func targets() throws {
        let explained = try Document("docs/architecture.md").firstCells("targets")
        let manifest = try PackageManifest()
        #expect(explained == Layer.allCases.flatMap { manifest.names(in: $0) })
    }

    @Test("the README explains the kernel parameters that the program reads, and no others")
    func parameters() throws {
        let source = try Repository.text("Sources/Vocabulary/BootModel/BootParameters+Decoding.swift")
        let read = Set(source.matches(of: /"(lifeboot\.[a-z-]+)"/).map { String($0.output.1) })
        let cells = try Document("README.md").firstCells("parameters")
        let explained = cells.compactMap { $0.firstMatch(of: /^lifeboot\.[a-z-]+/).map { String($0.output) } }
        #expect(Set(explained) == read)
        #expect(explained.count == Set(explained).count)
    }
}
