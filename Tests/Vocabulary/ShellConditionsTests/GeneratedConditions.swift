import SeededNumbers

/// Draws conditions, most of them valid.
struct GeneratedConditions {
    private var numbers: SeededGenerator

    init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

    mutating func pick(_ words: [String]) -> String { words.randomElement(using: &numbers) ?? "" }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &numbers) }

    private mutating func isDrawn(oneOf count: Int) -> Bool { number(0..<count) == 0 }

    private static let names = [
        "file", "'folder'", "\"folder/inner\"", "program", "closed", "sp\\ ace", "\"sp ace\"", "empty", "link", "lost",
        "around", "around/inner", "nothing", "folder/", "file/", "./file", "folder//inner", "''",
    ]

    /// A condition of tests, which costs a shell no process.
    mutating func tests(depth: Int = 3) -> String {
        if depth == 0 || isDrawn(oneOf: 4) { return test() }
        let (left, right) = (tests(depth: depth - 1), tests(depth: depth - 1))
        switch number(0..<6) {
        case 0: return "\(left) && \(right)"
        case 1: return "\(left) || \(right)"
        case 2: return "! \(left)"
        case 3: return "( \(left); \(right) )"
        case 4: return "{ \(left)\n\(right); } 2>/dev/null"
        default: return "\(left) &&\\\n\(right)"
        }
    }

    private mutating func test() -> String {
        if isDrawn(oneOf: 8) { return pick(["true", "false", ":", "true x >/dev/null", "\"false\""]) }
        var words = [part()]
        while isDrawn(oneOf: 3) { words += [pick(["-a", "-o"]), part()] }
        let arguments = words.joined(separator: " ")
        return isDrawn(oneOf: 2) ? "test \(arguments)" : "[ \(arguments) ]"
    }

    private mutating func part() -> String {
        switch number(0..<6) {
        case 0: "! \(part())"
        case 1:
            "\(pick(["a", "''", "file", "b\\b", "'-f'"])) \(pick(["=", "!="])) \(pick(["a", "\"\"", "file", "'bb'"]))"
        case 2: "\(pick(["-n", "-z"])) \(pick(["''", "a", "\"b c\""]))"
        case 3 where isDrawn(oneOf: 2): "\\( \(part()) -o \(part()) \\)"
        case 4 where isDrawn(oneOf: 4): pick(Self.names)
        default: "\(pick(["-e", "-f", "-d", "-r", "-w", "-x", "-s", "-L", "-h"])) \(pick(Self.names))"
        }
    }

    /// A text with some bytes taken out, doubled or put in.
    mutating func damaged(_ text: String) -> String {
        var bytes = Array(text.utf8)
        let extra = Array(" \n;&|()!{}'\"\\[]<>12-#=$a".utf8)
        for _ in 0..<number(1..<3) where !bytes.isEmpty {
            let place = number(0..<bytes.count)
            switch number(0..<3) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes[place], at: place)
            default: bytes.insert(extra[number(0..<extra.count)], at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A search of the files `text0` to `text9` and others.
    mutating func search() -> String {
        let options =
            [pick(["-q", "", "", "-qs"]), pick(["-v", "-i", "-E", "-F", "-x", "-w", "-E -i", "-vE", "", ""])]
            + [pick(["-i", "-E", "-x", "", "", ""])]
        let pattern = "'\(pattern())'"
        let file = pick((0..<10).map { "text\($0)" } + ["nothing", "folder", "empty", "text1 text2", "nothing text3"])
        let line = options.filter { !$0.isEmpty }.joined(separator: " ")
        return isDrawn(oneOf: 4) ? "cat \(file) | grep \(line) \(pattern)" : "grep \(line) \(pattern) \(file)"
    }

    private mutating func pattern() -> String {
        let pieces = [
            "a", "a", "b", "B", "ab", "k", ".", "*", "+", "?", "|", "(", ")", "(a", "b)", "^", "$", "[ab]", "[^a]",
            "[a-b]",
            "[]b]", "[^]a]", "[-a]", "[.]", "\\.", "\\*", "_", " ", "-", "]", "{", ".*", "1",
        ]
        return (0..<number(1..<6)).map { _ in pick(pieces) }.joined()
    }

    /// A few short lines over a small alphabet; some with bytes that make a file binary.
    mutating func text() -> [UInt8] {
        let rare: [UInt8] =
            isDrawn(oneOf: 4) ? [0] : isDrawn(oneOf: 4) ? [0xC3, 0xA9] : isDrawn(oneOf: 8) ? [0xFF] : []
        let alphabet = Array("aaabbbABkK1_- .*+\r\n\n\n\n".utf8)
        var bytes = (0..<number(1..<20)).map { _ in alphabet[number(0..<alphabet.count)] }
        bytes.insert(contentsOf: rare, at: number(0..<bytes.count))
        return bytes
    }
}
