/// The name of a file as a condition writes it.
struct ConditionPath: Equatable, Sendable {
    /// Names that mean something else in each process, or that shells treat themselves.
    private static let ofProcess: Set<Substring> = ["self", "thread-self", "fd", "stdin", "stdout", "stderr", "tty"]

    /// The path from the root on; nil when the name is empty, which no file has.
    let path: String?

    /// Takes a word; throws when the file depends on who asks.
    init(_ word: String) throws(ShellOnly) {
        let names = word.split(separator: "/")
        let isKernels = names.contains { $0 == "proc" || $0 == "dev" }
        guard !isKernels || !names.contains(where: Self.ofProcess.contains) else { throw ShellOnly() }
        path = word.isEmpty ? nil : word.hasPrefix("/") ? word : "/" + word
    }

    func attributes(in files: some ConditionFiles) -> FileAttributes? {
        guard let path else { return nil }
        return files.attributes(of: path)
    }

    func contents(in files: some ConditionFiles, atMost limit: Int) -> FileContents {
        guard let path else { return .unreadable }
        return files.contents(of: path, atMost: limit)
    }
}
