/// Follows the lines of a Containerfile (Containerfile(5)): which begin an instruction, which continue one, and which are the
/// text of a here-document.
struct ContainerfileLines {
    private var instruction = ""
    private var isContinued = false
    /// Whether the instruction has had nothing but options so far.
    private var takesOptions = false
    /// What ends the here-document that follows the instruction.
    private var pending: String?
    /// What ends the here-document that the lines belong to.
    private var terminator: String?
    /// Whether the last line that was asked about begins its instruction.
    private(set) var isFirst = false

    /// Splits a text, whatever system its editor ran on.
    static func split(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    /// The word of a line's instruction in capital letters; empty where the line is no place for options.
    mutating func keyword(of words: [String]) -> String {
        isFirst = false
        if let end = terminator {
            if words == [end] { terminator = nil }
            return ""
        }
        // Comments and empty lines do not end an instruction that goes on.
        guard let word = words.first, !word.hasPrefix("#") else { return "" }
        isFirst = !isContinued
        if isFirst { (instruction, takesOptions, pending) = (word.uppercased(), true, nil) }
        let keyword = takesOptions ? instruction : ""
        follow(words)
        return keyword
    }

    private mutating func follow(_ words: [String]) {
        isContinued = words.last?.hasSuffix("\\") ?? false
        let rest = isFirst ? words.dropFirst() : words[...]
        takesOptions = takesOptions && rest.allSatisfy { $0.hasPrefix("--") || $0 == "\\" }
        if ["COPY", "RUN"].contains(instruction) { pending = pending ?? Self.hereDocument(in: words) }
        if !isContinued { terminator = pending }
    }

    /// The word that ends a here-document of `RUN` or `COPY`.
    static func hereDocument(in words: [some StringProtocol]) -> String? {
        guard let word = words.first(where: { $0.hasPrefix("<<") && !$0.hasPrefix("<<<") }) else { return nil }
        let name = word.drop { "<-'\"".contains($0) }.prefix { $0 != "'" && $0 != "\"" }
        return name.isEmpty ? nil : String(name)
    }
}
