/// A command of words, with what its streams are redirected to.
struct SimpleCommand {
    var words: [String] = []
    var redirections: [ShellRedirection] = []

    /// What it decides.
    ///
    /// - Parameter input: the files that are printed into its standard input.
    func node(reading input: [ConditionPath]? = nil) throws(ShellOnly) -> ConditionNode {
        guard let name = words.first else { throw ShellOnly() }
        let arguments = words.dropFirst()
        if name == "grep" { return .search(try FileSearch(arguments: arguments, input: input)) }
        // The others read no input, so a pipe into them is a mistake.
        guard input == nil else { throw ShellOnly() }
        switch name {
        case "true", ":": return .constant(true)
        case "false": return .constant(false)
        case "test": return .test(try TestParser.expression(of: Array(arguments)))
        case "[":
            guard arguments.last == "]" else { throw ShellOnly() }
            return .test(try TestParser.expression(of: Array(arguments.dropLast())))
        default: throw ShellOnly()
        }
    }

    /// The files that it prints, when it is `cat`.
    func printedFiles() throws(ShellOnly) -> [ConditionPath] {
        guard words.first == "cat", words.count > 1, redirections.allSatisfy({ $0 == .errorsToNull }) else {
            throw ShellOnly()
        }
        return try Self.paths(words.dropFirst())
    }

    /// Takes words for names of files; none may be an option.
    static func paths(_ words: some Sequence<String>) throws(ShellOnly) -> [ConditionPath] {
        var paths: [ConditionPath] = []
        for word in words {
            guard !word.hasPrefix("-") else { throw ShellOnly() }
            paths.append(try ConditionPath(word))
        }
        return paths
    }
}
