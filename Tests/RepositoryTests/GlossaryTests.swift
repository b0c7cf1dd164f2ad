import Testing

@Suite("Glossary")
struct GlossaryTests {
    /// Types that the glossary links to, each with the file that it names.
    static func entries() throws -> [(type: String, file: String)] {
        try Repository.text("docs/glossary.md").matches(of: /\| \[`(\w+)`\]\(\.\.\/([^)]+)\) \| (\w+) \|/).map {
            #expect(["fact", "handle", "folder", "document", "rule"].contains($0.output.3), "\($0.output.1)")
            return (String($0.output.1), String($0.output.2))
        }
    }

    @Test("every entry's type is declared in the file that it names, and has one entry")
    func declared() throws {
        let entries = try Self.entries()
        for (type, file) in entries {
            let declaration = try Regex("\\n(package )?(struct|enum|protocol|typealias) \(type)\\b")
            #expect(try Repository.text(file).contains(declaration), "\(file) does not declare \(type)")
        }
        #expect(entries.count > 40 && Set(entries.map(\.type)).count == entries.count)
    }

    @Test("every type that is called an image or a machine is explained")
    func complete() throws {
        let explained = Set(try Self.entries().map(\.type))
        for file in try Repository.swiftFiles("Sources") {
            for match in file.text.matches(
                of: /\n(?:package )?(?:struct|enum|protocol|typealias) (\w+(?:Image|Machine))\b/)
            {
                let name = String(match.output.1)
                #expect(explained.contains(name), "\(file.path): add \(name) to docs/glossary.md, or call it otherwise")
            }
        }
    }
}
