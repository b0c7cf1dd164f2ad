/// A pattern of `grep` and the lines that it selects.
struct SearchPattern: Equatable, Sendable {
    /// Steps after which a search is given up: some tenths of a second.
    private static let maximumSteps = 1 << 25

    /// What is looked for.
    private enum Form: Equatable, Sendable {
        case literal([UInt8])
        case expression([PatternInstruction])
    }

    private let form: Form
    private let options: SearchOptions

    /// Reads a pattern of one line; throws when greps or locales differ over it.
    init(_ text: String, _ options: SearchOptions) throws(ShellOnly) {
        self.options = options
        var bytes = Array(text.utf8)
        guard !bytes.contains(0x0A) else { throw ShellOnly() }
        if options.isLiteral {
            if options.ignoresCase { bytes = bytes.map(Self.lowered) }
            form = .literal(bytes)
        } else {
            var parser = PatternParser(bytes, isExtended: options.isExtended, ignoresCase: options.ignoresCase)
            let program = try parser.program()
            form = parser.literal.map(Form.literal) ?? .expression(program)
        }
        guard !options.matchesWords || isWordForm else { throw ShellOnly() }
    }

    /// Whether words are found alike by every grep.
    private var isWordForm: Bool {
        guard case .literal(let bytes) = form else { return false }
        return !bytes.isEmpty
    }

    static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Whether at least one line is selected; nil when it depends on the locale, or the search would be long.
    func selects(from bytes: [UInt8]) -> Bool? {
        let (steps, isOver) = bytes.count.multipliedReportingOverflow(by: size)
        guard !isOver, steps <= Self.maximumSteps else { return nil }
        // GNU ends lines at NUL in a file that has one.
        let isBinary = bytes.contains(0)
        guard !isBinary || isSafeForBinary else { return nil }
        var matcher = LineMatcher(program)
        var isKnown = true
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 == 0x0A || isBinary && $0 == 0 } ?? rest.endIndex
            let found = matches(rest[..<end], &matcher)
            if found == !options.isInverted { return true }
            isKnown = isKnown && found != nil
            rest = rest[end...].dropFirst()
        }
        return isKnown ? false : nil
    }

    private var size: Int {
        switch form {
        case .literal(let bytes): bytes.count + 1
        case .expression(let program): 2 * (program.count + 1)
        }
    }

    private var program: [PatternInstruction] {
        if case .expression(let program) = form { return program }
        return []
    }

    private var isSafeForBinary: Bool {
        guard case .literal(let bytes) = form, !bytes.isEmpty else { return false }
        return !options.isInverted && !options.matchesLines
    }

    /// Whether a line matches; nil when bytes beyond ASCII decide, whose meaning the locale sets.
    private func matches(_ line: ArraySlice<UInt8>, _ matcher: inout LineMatcher) -> Bool? {
        let isASCII = line.allSatisfy { $0 < 0x80 }
        switch form {
        case .expression: return isASCII ? matcher.matches(line, wholly: options.matchesLines) : nil
        case .literal(let bytes):
            guard isASCII || !options.ignoresCase && !options.matchesWords else { return nil }
            let line = options.ignoresCase ? ArraySlice(line.map(Self.lowered)) : line
            return options.matchesLines ? line.elementsEqual(bytes) : contains(bytes, in: line)
        }
    }

    private func contains(_ wanted: [UInt8], in line: ArraySlice<UInt8>) -> Bool {
        guard let first = wanted.first else { return true }
        var start = line.startIndex
        while let found = line[start...].firstIndex(of: first) {
            let rest = line[found...]
            if rest.starts(with: wanted), !options.matchesWords || isWord(found, found + wanted.count, in: line) {
                return true
            }
            start = found + 1
        }
        return false
    }

    private func isWord(_ start: Int, _ end: Int, in line: ArraySlice<UInt8>) -> Bool {
        let isOpen = start == line.startIndex || !Self.isWordByte(line[start - 1])
        return isOpen && (end == line.endIndex || !Self.isWordByte(line[end]))
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(lowered(byte)) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
}
