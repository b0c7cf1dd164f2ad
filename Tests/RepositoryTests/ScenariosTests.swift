import Testing

/// A row of docs/scenarios.md.
struct Scenario {
    /// The number that it has in the family.
    var number: Int
    /// The tests that show it.
    var tests: [NamedTest]
    /// What they do not show, or why there is none.
    var reason: String
    /// What of the cell with tests names none.
    var rest: String

    /// A test by its file, relative to the top of the checkout, and its name.
    struct NamedTest: Hashable {
        var file: String
        var name: String
    }

    /// Reads a row; nil for one that does not have four cells, of which the first is a number and the second says something.
    init?(row: Substring) {
        let cells = row.split(separator: "|").map { $0.trimmingPrefix(while: \.isWhitespace) }
            .map { $0.last == " " ? $0.dropLast() : $0 }
        guard cells.count == 4, row.hasPrefix("| "), let number = Int(cells[0]), !cells[1].isEmpty else { return nil }
        self.number = number
        tests = cells[2].matches(of: Self.test).map { NamedTest(file: String($0.output.1), name: String($0.output.2)) }
        reason = String(cells[3])
        rest = String(cells[2].replacing(Self.test, with: "").replacing("<br>", with: ""))
    }

    /// A link to a file, and a name in quotes.
    private static var test: Regex<(Substring, Substring, Substring)> { /\[\w+\]\(\.\.\/([^)]+\.swift)\): "([^"]+)"/ }

    /// The rows of the page.
    static func all() throws -> [Scenario] {
        try Document("docs/scenarios.md").region("scenarios").split(separator: "\n").dropFirst(2).map { row in
            try #require(Scenario(row: row), "docs/scenarios.md: this is no row of a scenario: \(row)")
        }
    }
}

@Suite("Scenarios")
struct ScenariosTests {
    @Test("each of the family's 45 has one row, in order")
    func numbers() throws {
        #expect(try Scenario.all().map(\.number) == Array(1...45))
    }

    @Test("each names a test, or says why there is none")
    func reasons() throws {
        for scenario in try Scenario.all() {
            let says = !scenario.tests.isEmpty || scenario.reason.hasSuffix(".")
            #expect(says, "scenario \(scenario.number) has neither a test nor a reason in whole sentences")
            #expect(scenario.rest.isEmpty, "scenario \(scenario.number): '\(scenario.rest)' names no test")
            #expect(Set(scenario.tests).count == scenario.tests.count, "scenario \(scenario.number) names a test twice")
        }
    }

    @Test("each test that is named is there, by that name")
    func existing() throws {
        let scenarios = try Scenario.all()
        let files = Set(scenarios.flatMap(\.tests).map(\.file))
        #expect(files.count > 10)
        for file in files.sorted() {
            guard Repository.files.contains(file) else {
                Issue.record("docs/scenarios.md: there is no file \(file)")
                continue
            }
            let names = Self.testNames(in: try Repository.text(file))
            for scenario in scenarios {
                for test in scenario.tests where test.file == file && !names.contains(test.name) {
                    Issue.record("docs/scenarios.md, scenario \(scenario.number): \(file) has no test \"\(test.name)\"")
                }
            }
        }
    }

    @Test("names are found in attributes alone, also with parameters and over several lines")
    func detection() {
        let text = #"""
            // @Test("in a comment")
            @Suite("A suite") struct A {
                @Test("plain") func a() {}
                @Test(
                    "with parameters", arguments: ["not this"])
                func b() {}
                @Test(
                    """
                    over \
                    two lines
                    """)
                func c() { Test("called") }
                @Test func d() {}
            }
            """#
        #expect(Self.testNames(in: text) == ["plain", "with parameters", "over two lines"])
    }

    @Test(
        "a row without number, scenario or one of its cells is none",
        arguments: ["| x | y | | z. |", "| 1 |  | | z. |", "| 1 | y | z. |", "1 | y | | z. |"])
    func malformed(row: String) {
        #expect(Scenario(row: row[...]) == nil)
    }

    /// The names that the attributes of tests give, with single spaces where a literal has line breaks.
    static func testNames(in text: String) -> Set<String> { Set(names(SwiftPiece.pieces(of: text))) }

    private static func names(_ pieces: [SwiftPiece]) -> [String] {
        var found: [String] = []
        for (index, piece) in pieces.enumerated() {
            guard case .group(_, let inner) = piece else { continue }
            let isTest = index > 1 && pieces[index - 1] == .word("Test") && pieces[index - 2] == .mark("@")
            if isTest, case .literal(let name)? = inner.first {
                found.append(name.split(whereSeparator: \.isWhitespace).joined(separator: " "))
            } else {
                found += names(inner)
            }
        }
        return found
    }
}
