// Reads a block as GRUB's `grub_envblk_iterate` does, and notes what GRUB passes over in silence.

extension EnvironmentBlock {
    /// What could be read of a block, and what is wrong with it.
    package struct Examination: Equatable, Sendable {
        /// The variables GRUB would load; nil when the signature is missing, for then GRUB loads none.
        package var block: EnvironmentBlock?
        /// Everything wrong, in the order of the bytes; empty for a sound block.
        package var faults: [EnvironmentBlockFault]
    }

    /// Reads a sound block.
    ///
    /// - Throws: when anything at all is wrong with it, all faults at once; see `examine(_:)` for a lax reading.
    package init(parsing bytes: [UInt8]) throws(EnvironmentBlockError) {
        let examination = Self.examine(bytes)
        guard let block = examination.block, examination.faults.isEmpty else {
            throw .unreadable(examination.faults)
        }
        self = block
    }

    /// Reads what GRUB would read, and reports what it would pass over.
    package static func examine(_ bytes: [UInt8]) -> Examination {
        var parser = EnvironmentBlockParser(bytes)
        return parser.examine()
    }
}

/// Walks the bytes of one block.
struct EnvironmentBlockParser {
    private let bytes: [UInt8]
    private var offset = 0
    private var block = EnvironmentBlock()
    private var faults: [EnvironmentBlockFault] = []

    /// Prepares to read a block.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the block from start to end.
    mutating func examine() -> EnvironmentBlock.Examination {
        if bytes.count != EnvironmentBlock.size { faults.append(.size(bytes.count)) }
        guard bytes.starts(with: EnvironmentBlock.signature) else {
            return .init(block: nil, faults: faults + [.signature])
        }
        offset = EnvironmentBlock.signature.count
        while offset < bytes.count, readLine() {}
        return .init(block: block, faults: faults)
    }

    /// Reads one comment, variable or the padding; false at the end of what can be read.
    private mutating func readLine() -> Bool {
        if bytes[offset] == UInt8(ascii: "#") { return skipComment() }
        let start = offset
        guard let equals = bytes[start...].firstIndex(of: UInt8(ascii: "=")) else {
            faults.append(.garbage(offset: start))
            return false
        }
        guard let value = readValue(from: equals + 1) else {
            faults.append(.unterminated(offset: start))
            return false
        }
        add(bytes[start..<equals], value, at: start)
        return true
    }

    /// Skips a comment, which ends with its line; the padding has no end of line and ends the block.
    private mutating func skipComment() -> Bool {
        if let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) {
            offset = end + 1
            return true
        }
        if let odd = bytes[offset...].firstIndex(where: { $0 != UInt8(ascii: "#") }) {
            faults.append(.garbage(offset: odd))
        }
        return false
    }

    /// Reads a value up to its unprotected newline and moves behind it; nil when there is none.
    private mutating func readValue(from start: Int) -> [UInt8]? {
        var value: [UInt8] = []
        var place = start
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") {
            if bytes[place] == UInt8(ascii: "\\") { place += 1 }
            guard place < bytes.count else { return nil }
            value.append(bytes[place])
            place += 1
        }
        guard place < bytes.count else { return nil }
        offset = place + 1
        return value
    }

    /// Keeps a variable, the last of a name as GRUB does.
    private mutating func add(_ nameBytes: ArraySlice<UInt8>, _ valueBytes: [UInt8], at start: Int) {
        guard !nameBytes.isEmpty, nameBytes.allSatisfy({ EnvironmentBlock.isNameByte($0) }) else {
            faults.append(.garbage(offset: start))
            return
        }
        let name = String(decoding: nameBytes, as: UTF8.self)
        if block[name] != nil { faults.append(.duplicate(name: name)) }
        let value = String(decoding: valueBytes, as: UTF8.self)
        if Array(value.utf8) != valueBytes || valueBytes.contains(0) { faults.append(.encoding(name: name)) }
        block[name] = value
    }
}
