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
            """
        #expect(try Self.undocumented(SourceFile(path: "", text: text)) == [4, 7, 8])
    }

    /// Numbers of the lines with a `package` declaration that no `///` line stands before.
    static func undocumented(_ file: SourceFile) throws -> [Int] {
        let modifier = #"(?:(?:static|final|mutating|indirect|private\(set\)|nonisolated)\s+)*"#
        let keyword = "(?:func|var|let|init|struct|enum|class|actor|protocol|typealias|subscript|consuming|borrowing)"
        let declaration = try Regex(#"^(?:@[\w(), ]+\s+)*package\s+"# + modifier + keyword + #"\b"#)
        var result: [Int] = []
        var isDocumented = false
        for (index, line) in file.lines.enumerated() {
            let code = line.trimmingPrefix(while: \.isWhitespace)
            if !isDocumented, code.firstMatch(of: declaration) != nil { result.append(index + 1) }
            // Attributes may stand between the comment and what it describes.
            if code.hasPrefix("///") { isDocumented = true } else if !code.hasPrefix("@") { isDocumented = false }
        }
        return result
    }
}
