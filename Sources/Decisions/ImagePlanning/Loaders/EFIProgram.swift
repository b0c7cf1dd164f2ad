/// Reads what a program for UEFI says of itself: its parts, and whether somebody has signed it.
///
/// The format is PE32+ (the Microsoft PE specification); programs with other headers start on no machine that is known here.
package struct EFIProgram: Equatable, Sendable {
    /// The part of the name, in words that firmware uses: `x64` or `aa64`.
    package let machine: String
    /// Whether a signature is attached; whose it is and whether it holds is for the firmware and shim to say.
    package let isSigned: Bool
    private let bytes: [UInt8]
    private let sections: [String: Range<Int>]

    private static let machines = [0x8664: "x64", 0xAA64: "aa64"]
    /// The entry of the table of directories that says where signatures are.
    private static let signatures = 4

    /// Takes the bytes of a program; nil for what is none.
    package init?(_ bytes: [UInt8]) {
        let number = { Self.number(bytes, $0, $1) }
        guard bytes.starts(with: [0x4D, 0x5A]), let header = number(0x3C, 4), number(header, 4) == 0x4550,
            number(header + 24, 2) == 0x20B, let machine = number(header + 4, 2).flatMap({ Self.machines[$0] }),
            let count = number(header + 6, 2), let optional = number(header + 20, 2)
        else { return nil }
        let longNames = (number(header + 12, 4) ?? 0) + 18 * (number(header + 16, 4) ?? 0)
        var sections: [String: Range<Int>] = [:]
        for index in 0..<count {
            let entry = header + 24 + optional + 40 * index
            guard let size = number(entry + 8, 4), let stored = number(entry + 16, 4),
                let start = number(entry + 20, 4),
                start + min(size, stored) <= bytes.count
            else { return nil }
            sections[Self.name(bytes, at: entry, longNames: longNames)] = start..<start + min(size, stored)
        }
        (self.machine, self.bytes, self.sections) = (machine, bytes, sections)
        isSigned = Self.isSigned(head: bytes)
    }

    /// Whether a signature is attached to a program, of which the beginning is enough.
    package static func isSigned(head: [UInt8]) -> Bool {
        guard head.starts(with: [0x4D, 0x5A]), let header = number(head, 0x3C, 4), number(head, header, 4) == 0x4550,
            number(head, header + 24, 2) == 0x20B
        else { return false }
        return number(head, header + 24 + 112 + 8 * signatures + 4, 4).map { $0 > 0 } ?? false
    }

    /// The content of a part; nil when it has none of that name.
    package func section(_ name: String) -> ArraySlice<UInt8>? { sections[name].map { bytes[$0] } }

    /// The name of a section: up to eight bytes, or `/` and where it begins in the table of long names.
    private static func name(_ bytes: [UInt8], at entry: Int, longNames: Int) -> String {
        let short = text(bytes, from: entry, limit: 8)
        guard short.hasPrefix("/"), let place = Int(short.dropFirst()) else { return short }
        return text(bytes, from: longNames + place, limit: 64)
    }

    /// Bytes up to the first zero.
    private static func text(_ bytes: [UInt8], from start: Int, limit: Int) -> String {
        guard (0..<bytes.count).contains(start) else { return "" }
        return String(decoding: bytes[start..<min(start + limit, bytes.count)].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A number of up to eight bytes, the low one first; nil behind the end, or when it is absurd.
    static func number(_ bytes: some RandomAccessCollection<UInt8>, _ offset: Int, _ size: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let value = bytes.dropFirst(offset).prefix(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return value > UInt64(Int32.max) * 2 ? nil : Int(value)
    }
}

extension EFIProgram {
    /// Whether it is shim: only shim brings the certificate of a distribution.
    package var isShim: Bool { section(".vendor_cert") != nil }

    /// The certificates whose programs shim starts; nil for another program.
    ///
    /// The section begins with the sizes and the places of what is trusted and of what is refused (`cert.S` of shim); only what
    /// is trusted stays the same from one shim of a distribution to the next.
    package var trusted: ArraySlice<UInt8>? {
        guard let section = section(".vendor_cert") else { return nil }
        guard let size = Self.number(section, 0, 4), let place = Self.number(section, 8, 4),
            place + size <= section.count
        else { return section }
        return section.dropFirst(place).prefix(size)
    }

    /// Where GRUB looks for its configuration, as its maker has built in; nil for another program.
    ///
    /// GRUB keeps its modules, and with them this folder, in a section of its own: a header and then one piece after the
    /// other, each with its kind and size (`include/grub/kernel.h`).
    package var grubPrefix: String? {
        guard let pieces = section("mods"), pieces.starts(with: "mimg".utf8),
            var offset = Self.number(pieces, 8, 8), let end = Self.number(pieces, 16, 8)
        else { return nil }
        while offset < end, let kind = Self.number(pieces, offset, 4), let size = Self.number(pieces, offset + 4, 4),
            size > 8
        {
            if kind == 3 {
                let text = pieces.dropFirst(offset + 8).prefix(size - 8).prefix { $0 != 0 }
                return String(decoding: text, as: UTF8.self)
            }
            offset += size
        }
        return nil
    }
}
