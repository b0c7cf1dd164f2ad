import Testing

@Suite("Shell scripts")
struct ShellScriptTests {
    @Test("shellcheck finds nothing", .needs("shellcheck"))
    func lint() throws {
        let result = try Tool.run("bash", ["scripts/lint-shell"])
        #expect(result.status == 0, "\(result.output)\(result.complaints)")
    }
}
