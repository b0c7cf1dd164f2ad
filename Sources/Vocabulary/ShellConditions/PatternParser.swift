/// Reads the part of POSIX's regular expressions that every grep and locale understands alike.
struct PatternParser {
    /// The deepest nesting of groups.
    private static let maximumDepth = 16

    let bytes: [UInt8]
    let isExtended: Bool
    let ignoresCase: Bool
    var position = 0
    private var depth = 0
    /// The bytes of a pattern that has been only ordinary ones so far.
    private(set) var literal: [UInt8]? = []

    init(_ bytes: [UInt8], isExtended: Bool, ignoresCase: Bool) {
        self.bytes = bytes
        self.isExtended = isExtended
        self.ignoresCase = ignoresCase
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Reads the whole pattern.
    mutating func program() throws(ShellOnly) -> [PatternInstruction] {
        let program = bytes.isEmpty ? [] : try alternatives().code
        guard position == bytes.count else { throw ShellOnly() }
        return program
    }

    /// A piece of the program, and whether it asks for a place in the line.
    private struct Fragment {
        var code: [PatternInstruction]
        var hasAnchor = false
    }

    private mutating func alternatives() throws(ShellOnly) -> Fragment {
        var all = try sequence()
        while isExtended, next == UInt8(ascii: "|") {
            position += 1
            literal = nil
            let other = try sequence()
            all.code =
                [.split(1, all.code.count + 2)] + all.code + [.split(other.code.count + 1, other.code.count + 1)]
                + other.code
            all.hasAnchor = all.hasAnchor || other.hasAnchor
        }
        return all
    }

    /// Reads up to the end, `|` or `)`; an empty one has no meaning in POSIX.
    private mutating func sequence() throws(ShellOnly) -> Fragment {
        let start = position
        var all = Fragment(code: [])
        while let byte = next, !(isExtended && (byte == UInt8(ascii: "|") || byte == UInt8(ascii: ")"))) {
            let part = try repeated(isFirst: position == start)
            all.code += part.code
            all.hasAnchor = all.hasAnchor || part.hasAnchor
        }
        guard position > start else { throw ShellOnly() }
        return all
    }

    private mutating func repeated(isFirst: Bool) throws(ShellOnly) -> Fragment {
        let part = try atom(isFirst: isFirst)
        guard let sign = next, isRepetition(sign) else { return part }
        position += 1
        literal = nil
        // Repeated anchors and repeated repetitions are read differently.
        guard !part.hasAnchor, !(next.map(isRepetition) ?? false) else { throw ShellOnly() }
        let count = part.code.count
        return switch sign {
        case UInt8(ascii: "*"): Fragment(code: [.split(1, count + 2)] + part.code + [.split(-count, 1)])
        case UInt8(ascii: "+"): Fragment(code: part.code + [.split(-count, 1)])
        default: Fragment(code: [.split(1, count + 1)] + part.code)
        }
    }

    private func isRepetition(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || isExtended && (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "?"))
    }

    private mutating func atom(isFirst: Bool) throws(ShellOnly) -> Fragment {
        guard let byte = next, !isRepetition(byte) else { throw ShellOnly() }
        position += 1
        switch byte {
        case UInt8(ascii: "^"): return try anchor(.lineStart, isAllowed: isFirst)
        case UInt8(ascii: "$"): return try anchor(.lineEnd, isAllowed: endsSequence)
        case UInt8(ascii: "."): return special(.any)
        case UInt8(ascii: "["): return special(.one(of: try bracket()))
        case UInt8(ascii: "\\"): return ordinary(try escaped())
        case UInt8(ascii: "(") where isExtended: return try group()
        case UInt8(ascii: "{") where isExtended, UInt8(ascii: "}") where isExtended: throw ShellOnly()
        default: return ordinary(byte)
        }
    }

    private var endsSequence: Bool {
        guard let next else { return true }
        return isExtended && (next == UInt8(ascii: "|") || next == UInt8(ascii: ")"))
    }

    private mutating func anchor(_ code: PatternInstruction, isAllowed: Bool) throws(ShellOnly) -> Fragment {
        guard isAllowed else { throw ShellOnly() }
        literal = nil
        return Fragment(code: [code], hasAnchor: true)
    }

    private mutating func special(_ code: PatternInstruction) -> Fragment {
        literal = nil
        return Fragment(code: [code])
    }

    private mutating func ordinary(_ byte: UInt8) -> Fragment {
        literal?.append(ignoresCase ? SearchPattern.lowered(byte) : byte)
        var set = ASCIISet()
        set.insert(byte, ignoringCase: ignoresCase)
        return Fragment(code: [.one(of: set)])
    }

    /// The byte after a backslash, when it means itself.
    private mutating func escaped() throws(ShellOnly) -> UInt8 {
        guard let byte = next else { throw ShellOnly() }
        position += 1
        let plain = isExtended ? ".[]*^$\\+?|(){}" : ".[]*^$\\"
        guard plain.utf8.contains(byte) else { throw ShellOnly() }
        return byte
    }

    private mutating func group() throws(ShellOnly) -> Fragment {
        guard depth < Self.maximumDepth else { throw ShellOnly() }
        depth += 1
        defer { depth -= 1 }
        literal = nil
        let inner = try alternatives()
        guard next == UInt8(ascii: ")") else { throw ShellOnly() }
        position += 1
        return inner
    }
}
