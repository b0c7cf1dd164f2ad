/// A `grep` of named files, or of files that `cat` prints into it.
struct FileSearch: Equatable, Sendable {
    /// Bytes of the largest file that is looked at.
    static let maximumLength = 1 << 20

    var pattern: SearchPattern
    var files: [ConditionPath]
    /// Whether the files come joined, as one input, and those that cannot be read are passed over.
    var areJoined: Bool
    /// Whether the first line found ends the search (`-q`), so that errors do not matter then.
    var isQuiet = false

    /// Reads the arguments; options come first, and only those that every grep has alike.
    init(arguments: ArraySlice<String>, input: [ConditionPath]?) throws(ShellOnly) {
        var options = SearchOptions()
        let operands = arguments.drop { $0.hasPrefix("-") }
        for word in arguments[..<operands.startIndex] { isQuiet = try options.add(word) || isQuiet }
        guard let text = operands.first else { throw ShellOnly() }
        let named = try SimpleCommand.paths(operands.dropFirst())
        guard let files = named.isEmpty ? input : named else { throw ShellOnly() }
        pattern = try SearchPattern(text, options)
        self.files = files
        areJoined = named.isEmpty
    }

    /// Whether its status is 0; nil when it is not known.
    func succeeds(in source: some ConditionFiles) -> Bool? {
        areJoined ? succeedsJoined(in: source) : succeedsOneByOne(in: source)
    }

    private func succeedsJoined(in source: some ConditionFiles) -> Bool? {
        var all: [UInt8] = []
        for file in files {
            switch file.contents(in: source, atMost: Self.maximumLength - all.count) {
            case .bytes(let bytes): all += bytes
            case .unreadable: continue
            case .unknown: return nil
            }
        }
        return pattern.selects(from: all)
    }

    private func succeedsOneByOne(in source: some ConditionFiles) -> Bool? {
        var (isFound, isFailed) = (false, false)
        for file in files {
            switch file.contents(in: source, atMost: Self.maximumLength) {
            case .bytes(let bytes):
                guard let found = pattern.selects(from: bytes) else { return nil }
                if found, isQuiet { return true }
                isFound = isFound || found
            case .unreadable: isFailed = true
            case .unknown: return nil
            }
        }
        return isFound && !isFailed
    }
}

/// The options of `grep` that say which lines are selected.
struct SearchOptions: Equatable, Sendable {
    var isInverted = false
    var ignoresCase = false
    var isExtended = false
    var isLiteral = false
    var matchesLines = false
    var matchesWords = false

    /// Takes a word of option letters and says whether `-q` is among them.
    mutating func add(_ word: String) throws(ShellOnly) -> Bool {
        var isQuiet = false
        guard word.utf8.count > 1 else { throw ShellOnly() }
        for letter in word.utf8.dropFirst() {
            switch letter {
            case UInt8(ascii: "q"): isQuiet = true
            case UInt8(ascii: "s"): break
            case UInt8(ascii: "v"): isInverted = true
            case UInt8(ascii: "i"): ignoresCase = true
            case UInt8(ascii: "E"): isExtended = true
            case UInt8(ascii: "F"): isLiteral = true
            case UInt8(ascii: "x"): matchesLines = true
            case UInt8(ascii: "w"): matchesWords = true
            default: throw ShellOnly()
            }
        }
        guard !(isExtended && isLiteral), !(matchesLines && matchesWords) else { throw ShellOnly() }
        return isQuiet
    }
}
