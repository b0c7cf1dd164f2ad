/// A condition in the language of the shell that is decided without a process.
///
/// It knows the forms that conditions have in practice: tests of files and texts, `grep` of named files, and what joins
/// them. It answers only where dash, bash and the GNU tools agree, whatever the locale.
package struct ShellCondition: Equatable, Sendable {
    /// Bytes of the longest text that is looked at.
    static let maximumLength = 1 << 14

    let node: ConditionNode

    /// Reads a text as `sh -c` would; nil when only a shell can decide it, or when a shell would call it wrong.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumLength else { return nil }
        do throws(ShellOnly) {
            var lexer = ShellLexer(bytes: bytes)
            var parser = ShellParser(tokens: try lexer.tokens())
            node = try parser.program()
        } catch {
            return nil
        }
    }

    /// Whether the shell would end with status 0; nil when the files do not allow an answer here, so ask the shell.
    ///
    /// Relative paths begin at `/`.
    package func holds(in files: some ConditionFiles) -> Bool? { node.holds(in: files) }
}

/// Says that a text is left to the shell.
struct ShellOnly: Error {}
