/// Says what is wrong in a JSON text, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Byte offset of the fault, from 0.
    package var offset: Int
    /// Line of the fault, from 1.
    package var line: Int
    /// Column of the fault in bytes, from 1.
    package var column: Int
    /// What was found or expected.
    package var reason: String

    /// One line: place and reason.
    package var description: String { "line \(line), column \(column): \(reason)" }

    /// Locates a fault at a byte offset of a text.
    package init(at offset: Int, of bytes: [UInt8], _ reason: String) {
        let before = bytes.prefix(max(0, offset))
        let lineStart = (before.lastIndex(of: 0x0A) ?? -1) + 1
        self.offset = offset
        self.line = before.count { $0 == 0x0A } + 1
        self.column = offset - lineStart + 1
        self.reason = reason
    }
}
