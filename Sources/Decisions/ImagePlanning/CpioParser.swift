/// Reads the archives of an initramfs, fed with bytes as they come (Documentation/driver-api/early-userspace/buffer-format.rst,
/// `newc` and `crc`).
package struct CpioParser: Sendable {
    /// One file of an archive.
    package struct File: Equatable, Sendable {
        /// Its path, without leading slash; empty for the root.
        package var path: String
        /// Type and permission bits, as `st_mode`.
        package var mode: UInt32
        /// Its content, or the target of a link; empty where it is not wanted.
        package var content: [UInt8]
    }

    private enum Part: Equatable {
        case between
        case header
        case name
        case namePadding
        case content
        case contentPadding
    }

    private static let headerLength = 110
    private static let maximumName = 4_096
    /// The most bytes kept of a file.
    private static let contentLimit = 512 << 10

    private let isWanted: @Sendable (String) -> Bool
    private var part = Part.between
    private var collected: [UInt8] = []
    private var left = 0
    private var file = File(path: "", mode: 0, content: [])
    private var nameLength = 0
    private var contentLength = 0
    private var keeps = false
    private var isTrailer = false
    private var position = 0

    /// Begins before an archive.
    ///
    /// - Parameter isWanted: says of which files the content is wanted.
    package init(isWanted: @escaping @Sendable (String) -> Bool) { self.isWanted = isWanted }

    /// Whether no file is only half there.
    package var isWhole: Bool { part == .between }

    /// Takes the first bytes of a buffer.
    ///
    /// - Parameter found: is given each file when it is whole.
    /// - Returns: how many were used: fewer where something begins that is no archive.
    /// - Throws: `CpioError` when a header is malformed.
    package mutating func take(
        _ bytes: [UInt8], _ count: Int, found: (File) -> Void
    ) throws(CpioError) -> Int {
        var index = 0
        while index < count {
            if part == .between {
                while index < count, bytes[index] == 0 { (index, position) = (index + 1, position + 1) }
                guard index < count else { break }
                guard bytes[index] == UInt8(ascii: "0"), position % 4 == 0 else { return index }
                begin(.header, Self.headerLength)
            }
            let step = min(left, count - index)
            if keeps || part == .header || part == .name { collected += bytes[index..<(index + step)] }
            (index, position, left) = (index + step, position + step, left - step)
            // Parts of no bytes end at once.
            while left == 0, part != .between { try end(found) }
        }
        return index
    }

    private mutating func begin(_ part: Part, _ length: Int) {
        self.part = part
        left = length
        collected.removeAll(keepingCapacity: true)
    }

    private mutating func end(_ found: (File) -> Void) throws(CpioError) {
        switch part {
        case .between: return
        case .header:
            try readHeader()
            begin(.name, nameLength)
        case .name:
            isTrailer = collected.starts(with: "TRAILER!!!".utf8)
            file.path = Self.path(collected)
            keeps = (isLink || isWanted(file.path)) && contentLength <= Self.contentLimit
            begin(.namePadding, Self.padding(Self.headerLength + nameLength))
        case .namePadding: begin(.content, contentLength)
        case .content:
            file.content = keeps ? collected : []
            keeps = false
            begin(.contentPadding, Self.padding(contentLength))
        case .contentPadding:
            if !isTrailer { found(file) }
            part = .between
        }
    }

    private var isLink: Bool { file.mode & 0o170000 == 0o120000 }

    /// The bytes up to the next multiple of four.
    private static func padding(_ length: Int) -> Int { (4 - length % 4) % 4 }

    /// A magic of six digits, and thirteen numbers of eight hexadecimal digits.
    private mutating func readHeader() throws(CpioError) {
        guard collected.starts(with: "07070".utf8), [0x31, 0x32].contains(collected[5]) else {
            throw CpioError(description: "an archive in it does not begin as one")
        }
        var numbers: [Int] = []
        for field in 0..<13 {
            let digits = collected[(6 + field * 8)..<(14 + field * 8)]
            let text = String(decoding: digits, as: UTF8.self)
            guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
                let number = Int(text, radix: 16)
            else { throw CpioError(description: "a header in it has no number where one belongs") }
            numbers.append(number)
        }
        file = File(path: "", mode: UInt32(numbers[1]), content: [])
        (contentLength, nameLength) = (numbers[6], numbers[11])
        guard (1...Self.maximumName).contains(nameLength) else {
            throw CpioError(description: "a name in it has \(nameLength) bytes")
        }
    }

    /// The name without what stands before it in some archives, and without the zero at its end.
    private static func path(_ name: [UInt8]) -> String {
        let parts = name.prefix { $0 != 0 }.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }
}

/// Says where an archive of an initramfs is malformed.
package struct CpioError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, without full stop.
    package let description: String
}
