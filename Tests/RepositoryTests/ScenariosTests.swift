import Testing

/// A row of one of the tables of docs/scenarios.md.
struct Scenario {
    /// The tables, and how many rows each has: scenarios of the family, and faults that others have.
    static let tables = ["scenarios": 45, "faults": 18]

    /// The number that it has in the table.
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

    /// The rows of a table.
    static func all(_ table: String) throws -> [Scenario] {
        try Document("docs/scenarios.md").region(table).split(separator: "\n").dropFirst(2).map { row in
            try #require(Scenario(row: row), "docs/scenarios.md: this is no row of a scenario: \(row)")
        }
    }
}

@Suite("Scenarios and faults")
struct ScenariosTests {
    @Test("each has one row, in order", arguments: Scenario.tables)
    func numbers(table: String, count: Int) throws {
        #expect(try Scenario.all(table).map(\.number) == Array(1...count))
    }

    @Test("each names a test, or says why there is none", arguments: Scenario.tables.keys)
    func reasons(table: String) throws {
        for scenario in try Scenario.all(table) {
            let says = !scenario.tests.isEmpty || scenario.reason.hasSuffix(".")
            #expect(says, "\(table) \(scenario.number) has neither a test nor a reason in whole sentences")
            #expect(scenario.rest.isEmpty, "\(table) \(scenario.number): '\(scenario.rest)' names no test")
            #expect(Set(scenario.tests).count == scenario.tests.count, "\(table) \(scenario.number) names a test twice")
        }
    }

    @Test("each test that is named is there, by that name", arguments: Scenario.tables.keys)
    func existing(table: String) throws {
        let scenarios = try Scenario.all(table)
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
                    Issue.record("docs/scenarios.md, \(table) \(scenario.number): \(file) has no test \"\(test.name)\"")
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
