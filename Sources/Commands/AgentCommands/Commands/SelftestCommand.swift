package import ArgumentParser

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
    package func perform() throws {
        let results = SelfTest.run()
        Output.print(SelfTest.lines(results))
        try (results.allSatisfy { $0.fault == nil } ? AgentExit.success : .negative).end()
    }
}
