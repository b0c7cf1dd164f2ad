package import ArgumentParser
package import CommandOutput

/// `lifeboot selftest`.
package struct SelftestCommand: AgentVerb {
    /// What `lifeboot selftest --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Use every linked library once and print its version.",
        discussion: "For a freshly built program; touches nothing. Exit status 1 when a library does not work.")

    /// Takes no options.
    package init() {}

    /// Tries the libraries.
    package func perform(_ output: Output) throws {
        let results = SelfTest.run()
        output.print(SelfTest.lines(results))
        try (results.allSatisfy { $0.fault == nil } ? AgentExit.success : .negative).end()
    }
}
