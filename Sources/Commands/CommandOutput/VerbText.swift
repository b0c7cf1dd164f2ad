package import ArgumentParser

/// What there is to say of a verb beside its arguments: its help shows some of it, its page of the manual all.
package struct VerbText: Sendable {
    /// What it does, in paragraphs.
    package let words: String
    /// Command lines as somebody types them, each behind what it is for.
    package let examples: [Example]
    /// What its exit statuses mean, where that is not what they mean for every verb.
    package private(set) var statuses: [Status]
    /// Files that it reads or writes, with what is in them.
    package let files: [File]

    /// A command line, and what it is for.
    package struct Example: Equatable, Sendable {
        /// A clause without a full stop.
        package let purpose: String
        /// The line, which its verb parses.
        package let line: String
    }

    /// An exit status and what it means.
    package struct Status: Equatable, Sendable {
        /// What the program ends with.
        package let number: Int32
        /// A clause without a full stop.
        package let meaning: String
    }

    /// A file and what is in it.
    package struct File: Equatable, Sendable {
        /// Its path.
        package let path: String
        /// A clause without a full stop.
        package let content: String
    }

    /// States it.
    ///
    /// - Parameters:
    ///   - statuses: meanings by numbers, without that of wrong usage.
    ///   - examples: command lines by what they are for.
    ///   - files: contents by paths.
    package init(
        _ words: String, statuses: KeyValuePairs<Int32, String> = [:], examples: KeyValuePairs<String, String> = [:],
        files: KeyValuePairs<String, String> = [:]
    ) {
        self.words = words
        self.statuses = statuses.map { Status(number: $0.key, meaning: $0.value) }
        self.examples = examples.map { Example(purpose: $0.key, line: $0.value) }
        self.files = files.map { File(path: $0.key, content: $0.value) }
    }

    /// The same with meanings of statuses that are a list already.
    package func with(statuses: [(Int32, String)]) -> VerbText {
        var text = self
        text.statuses = statuses.map { Status(number: $0.0, meaning: $0.1) }
        return text
    }

    /// What help says above the arguments: words, examples and files; the manual has the statuses.
    ///
    /// - Parameter page: the page of the manual that has them.
    package func help(statusesIn page: String) -> String {
        let width = (files.map(\.path.count).max() ?? 0) + 3
        let files = files.map { file in
            "  \(file.path)\(String(repeating: " ", count: width - file.path.count))\(file.content)"
        }
        let examples = examples.flatMap { ["  \($0.purpose):", "    \($0.line)"] }
        let parts = [
            words, Self.section("EXAMPLES", examples), Self.section("FILES", files), "Exit statuses: man \(page)",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func section(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : ([title] + lines).joined(separator: "\n")
    }
}

/// A command that says of itself what the manual says.
package protocol DocumentedCommand: ParsableCommand {
    /// The name of its program, and of the page with all exit statuses.
    static var program: String { get }

    /// What there is to say of it.
    static var text: VerbText { get }
}

extension DocumentedCommand {
    /// Nothing but what its help says.
    package static var text: VerbText { VerbText(configuration.discussion) }

    /// What its help says above the arguments, for `CommandConfiguration`.
    package static var help: String { text.help(statusesIn: program) }
}
