package import ArgumentParser
package import CommandOutput

/// `lifeboot selftest`.
package struct SelftestCommand: AgentVerb {
    /// What `lifeboot selftest --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Use every linked library once and print its version.", discussion: help)

    /// What help and manual say of it.
    package static let text = VerbText(
        "For a freshly built program; touches nothing.",
        statuses: [0: "every library works", 1: "a library does not work"],
        examples: [
            "Try a freshly built program":
                "lifeboot selftest"
        ])

    @Flag(help: "Print JSON (\"format\": 1; see docs/operating.md).")
    package var json = false

    /// Starts with the defaults.
    package init() {}

    /// Tries the libraries.
    package func perform(_ output: Output) throws {
        let results = SelfTest.run()
        output.show(SelfTest.json(results), lines: SelfTest.lines(results))
        try (results.allSatisfy { $0.fault == nil } ? AgentExit.success : .negative).end()
    }
}
