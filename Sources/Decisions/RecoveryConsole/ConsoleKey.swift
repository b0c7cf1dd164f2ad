/// What somebody at a console pressed.
package enum ConsoleKey: Hashable, Sendable {
    /// A printable character of ASCII.
    case character(Character)
    /// The arrow up.
    case up
    /// The arrow down.
    case down
    /// Return.
    case enter
    /// Escape, alone.
    case escape
    /// Backspace or delete.
    case erase
    /// Ctrl-C.
    case interrupt
    /// Ctrl-L: draw everything again.
    case redraw
}

/// Makes keys of the bytes that a terminal sends (ECMA-48; xterm's `ESC O A` for arrows as well).
///
/// A sequence may come in pieces, as over a slow line. What no key stands for is skipped as a whole, so that no part of it
/// counts as a letter.
package struct KeyDecoder: Sendable {
    private enum State {
        case ground
        case escaped
        case sequence
        case single
    }

    private static let escape: UInt8 = 0x1B
    private var state = State.ground
    private var isAfterReturn = false

    /// Starts with nothing pressed.
    package init() {}

    /// Whether an escape has come that may be the begin of more.
    package var isWaiting: Bool { state != .ground }

    /// Takes bytes and returns the keys that they end.
    package mutating func take(_ bytes: [UInt8]) -> [ConsoleKey] { bytes.compactMap { take($0) } }

    /// Ends a sequence that did not go on: an escape alone was that key.
    package mutating func expire() -> ConsoleKey? {
        defer { state = .ground }
        return state == .escaped ? .escape : nil
    }

    private mutating func take(_ byte: UInt8) -> ConsoleKey? {
        switch state {
        case .ground: return plain(byte)
        case .escaped: return escaped(byte)
        case .single:
            state = .ground
            return arrow(byte)
        case .sequence:
            // Parameters and intermediates come before the byte that ends it.
            guard (0x40...0x7E).contains(byte) else { return nil }
            state = .ground
            return arrow(byte)
        }
    }

    private mutating func escaped(_ byte: UInt8) -> ConsoleKey? {
        switch byte {
        case UInt8(ascii: "["): state = .sequence
        case UInt8(ascii: "O"): state = .single
        case Self.escape: return .escape
        default: state = .ground
        }
        return nil
    }

    private mutating func plain(_ byte: UInt8) -> ConsoleKey? {
        // A terminal program may send both for one press.
        let isSecond = isAfterReturn && byte == 0x0A
        isAfterReturn = byte == 0x0D
        switch byte {
        case Self.escape:
            state = .escaped
            return nil
        case 0x0D: return .enter
        case 0x0A: return isSecond ? nil : .enter
        case 0x08, 0x7F: return .erase
        case 0x03: return .interrupt
        case 0x0C: return .redraw
        case 0x20...0x7E: return .character(Character(UnicodeScalar(byte)))
        default: return nil
        }
    }

    private func arrow(_ byte: UInt8) -> ConsoleKey? {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        default: nil
        }
    }
}
