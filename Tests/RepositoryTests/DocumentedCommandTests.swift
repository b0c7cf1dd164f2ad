import Testing

/// `sh` blocks hold what CI runs, hence only `make` targets; `console` blocks hold what people type, after `$`.
@Suite("Documented commands")
struct DocumentedCommandTests {
    @Test("every command of an sh block is run by CI", arguments: Repository.documents)
    func executed(_ path: String) throws {
        let makefile = try Makefile()
        let run = makefile.closure(of: makefile.called(in: try Repository.text(".ci/run")))
        for line in try Document(path).blocks.filter({ $0.language == "sh" }).flatMap(\.lines) where !line.isEmpty {
            let words = line.split(separator: " ").map(String.init)
            #expect(words.first == "make", "\(path): \(line): no make target; use a console block")
            #expect(run.isSuperset(of: words.dropFirst().prefix { $0 != "#" }), "\(path): CI does not run `\(line)`")
        }
    }

    @Test("every command of a console block exists", arguments: Repository.documents)
    func existing(_ path: String) throws {
        let makefile = try Makefile()
        let verbs = try Self.verbs()
        for line in try Document(path).blocks.filter({ $0.language == "console" }).flatMap(\.lines) {
            guard line.hasPrefix("$ ") || line.hasPrefix("# ") else { continue }
            let words = line.dropFirst(2).split(separator: " ").map(String.init)
            guard let program = words.first, words.count > 1 else { continue }
            switch program {
            case "make": #expect(makefile.rules[words[1]] != nil, "\(path): \(line): no such target")
            case "lifeboot", "boatyard": #expect(verbs.contains(words[1]), "\(path): \(line): no such command")
            default: break
            }
        }
    }

    @Test("README's \"Use\" has the first lines of the getting-started page, which CI types to their end")
    func gettingStarted() throws {
        let typed = try Self.typed("docs/getting-started.md")
        let shown = try Self.typed("README.md").prefix { !$0.contains("registry.example") }
        #expect(shown.count > 5 && Array(typed.prefix(shown.count)) == Array(shown))
        #expect(
            typed.contains { $0.hasPrefix("# lifeboot upgrade ") }
                && !typed.contains { $0.contains("registry.example") })
        #expect(try Repository.text("scripts/use").contains("docs/getting-started.md"))
        #expect(try Makefile().called(in: try Repository.text(".ci/run")).contains("use"))
    }

    /// The lines that people type, with their prompts.
    private static func typed(_ path: String) throws -> [String] {
        try Document(path).blocks.filter { $0.language == "console" }.flatMap(\.lines).map { String($0) }
            .filter { $0.hasPrefix("$ ") || $0.hasPrefix("# ") }
    }

    /// The names that the programs' commands declare.
    static func verbs() throws -> Set<String> {
        let files = try Repository.swiftFiles("Sources").filter { $0.target.hasSuffix("Commands") }
        let given = files.flatMap { $0.text.matches(of: /commandName: "([^"]+)"/).map { String($0.output.1) } }
        let types = files.flatMap { $0.text.matches(of: /struct (\w+): (?:Async)?ParsableCommand/).map(\.output.1) }
        return Set(given + types.map { $0.lowercased() } + ["--help", "--version"])
    }
}
