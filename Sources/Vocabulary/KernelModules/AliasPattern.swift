/// What a driver says about the devices that it is for: text in which `*` is anything, `?` one character, `[…]` one of some.
///
/// Hyphens and underscores are the same outside of brackets, as in names (kmod, `alias_normalize`). Bytes that are no
/// pattern, such as a bracket that is never closed, match only themselves.
package struct AliasPattern: Equatable, Sendable {
    private enum Token: Equatable {
        case byte(UInt8)
        case one
        case any
        case set([ClosedRange<UInt8>], isNegated: Bool)
    }

    private let tokens: [Token]

    /// Reads a pattern.
    package init(_ text: String) { self.init(bytes: Array(text.utf8)[...]) }

    /// Reads the bytes of a pattern.
    init(bytes: ArraySlice<UInt8>) {
        var tokens: [Token] = []
        tokens.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): if tokens.last != .any { tokens.append(.any) }
            case UInt8(ascii: "?"): tokens.append(.one)
            case UInt8(ascii: "["): tokens.append(Self.set(&rest) ?? .byte(byte))
            default: tokens.append(.byte(ModuleName.normalized(byte)))
            }
        }
        self.tokens = tokens
    }

    /// The text that it is, when it stands for one only; normalized.
    package var literal: String? {
        var bytes: [UInt8] = []
        for token in tokens {
            guard case .byte(let byte) = token else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it is for a device of this alias.
    package func matches(_ alias: String) -> Bool { matches(normalized: alias.utf8.map(ModuleName.normalized)) }

    /// Whether it is for a device of this alias, whose hyphens are underscores.
    func matches(normalized bytes: [UInt8]) -> Bool {
        // After a failure go back to the last `*` and let it take one more byte.
        var (place, token) = (0, 0)
        var retry: (place: Int, token: Int)?
        while place < bytes.count {
            if token < tokens.count, tokens[token] == .any {
                retry = (place, token)
                token += 1
            } else if token < tokens.count, Self.matches(tokens[token], bytes[place]) {
                (place, token) = (place + 1, token + 1)
            } else if let last = retry {
                (place, token) = (last.place + 1, last.token + 1)
                retry = (place, last.token)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .any }
    }

    private static func matches(_ token: Token, _ byte: UInt8) -> Bool {
        switch token {
        case .byte(let wanted): wanted == byte
        case .one: true
        case .any: false
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
        }
    }

    /// Reads what follows an opening bracket; nil when none closes it, and nothing is taken.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> Token? {
        guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
        var inner = rest[..<end]
        let isNegated = inner.first == UInt8(ascii: "!") || inner.first == UInt8(ascii: "^")
        if isNegated { inner = inner.dropFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = inner.popFirst() {
            guard inner.first == UInt8(ascii: "-"), let high = inner.dropFirst().first, low <= high else {
                ranges.append(low...low)
                continue
            }
            ranges.append(low...high)
            inner = inner.dropFirst(2)
        }
        rest = rest[(end + 1)...]
        return .set(ranges, isNegated: isNegated)
    }
}
