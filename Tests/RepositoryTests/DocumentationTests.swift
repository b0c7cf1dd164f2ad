import Testing

@Suite("Documentation comments")
struct DocumentationTests {
    @Test("every package declaration is documented")
    func documented() throws {
        for file in try Repository.swiftFiles("Sources") {
            for line in try Self.undocumented(file) { Issue.record("\(file.path):\(line): no documentation comment") }
        }
    }

    @Test("an undocumented declaration is found, attributes and all")
    func detection() throws {
        let text = """
            /// Documented.
            @discardableResult
            package func a() {}
            package  static let b = 1
            package extension C {}
            package import D
                @safe package struct E {}
                package var f: Int { 1 }  // comment
            @Option(
                help: "Documented (as an option)"
            )
            package var g: String
            @Flag(help: "Documented.") package var h = false
            @Option(
                name: .long)
            package var i: String
            """
        #expect(try Self.undocumented(SourceFile(path: "", text: text)) == [4, 7, 8, 16])
    }

    /// Numbers of the lines with a `package` declaration that neither a `///` line nor a command's `help:` explains.
    static func undocumented(_ file: SourceFile) throws -> [Int] {
        let declaration = try Regex(Self.declaration)
        var result: [Int] = []
        var isDocumented = false
        var attributeDepth = 0
        for (index, line) in file.lines.enumerated() {
            let text = line.trimmingPrefix(while: \.isWhitespace)
            let code = SourceFile.code(of: line)
            // Attributes, of several lines perhaps, may stand between the comment and what it describes.
            let isAttribute = text.hasPrefix("@") || attributeDepth > 0
            if isAttribute { attributeDepth += code.count { $0 == "(" } - code.count { $0 == ")" } }
            if text.hasPrefix("///") || (isAttribute && code.contains("help:")) { isDocumented = true }
            let declares = code.firstMatch(of: declaration) != nil
            if declares, !isDocumented { result.append(index + 1) }
            if declares || !(isAttribute || text.hasPrefix("///")) { isDocumented = false }
        }
        return result
    }

    /// A line that declares something for other targets; attributes before it may have arguments.
    private static let declaration =
        #"^\s*(?:@\w+(?:\(.*\))?\s+)*package\s+"#
        + #"(?:(?:static|final|mutating|indirect|private\(set\)|nonisolated)\s+)*"#
        + #"(?:func|var|let|init|struct|enum|class|actor|protocol|typealias|subscript|consuming|borrowing)\b"#
}
