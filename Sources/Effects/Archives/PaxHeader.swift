import TreeModel

/// Encodes the headers of a pax archive (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header").
enum PaxHeader {
    /// The ustar header of an entry; what does not fit it is in the records, which win.
    static func block(_ entry: ArchiveEntry) -> [UInt8] {
        var block = block(name: name(entry), type: type(entry.kind), size: entry.contentSize)
        put(octal(Int64(entry.permissions), 7), at: 100, in: &block)
        put(octal(Int64(entry.owner), 7), at: 108, in: &block)
        put(octal(Int64(entry.group), 7), at: 116, in: &block)
        put(octal(max(0, entry.modified), 11), at: 136, in: &block)
        put(Array(linkTarget(entry.kind).prefix(100)), at: 157, in: &block)
        let device = device(entry.kind)
        put(octal(Int64(device.major), 7), at: 329, in: &block)
        put(octal(Int64(device.minor), 7), at: 337, in: &block)
        return checked(block)
    }

    /// A header with name, type and size only.
    static func block(name: [UInt8], type: Unicode.Scalar, size: Int64) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: PaxWriter.blockLength)
        put(Array(name.prefix(100)), at: 0, in: &block)
        for field in [100, 108, 116] { put(octal(0, 7), at: field, in: &block) }
        put(octal(size, 11), at: 124, in: &block)
        put(octal(0, 11), at: 136, in: &block)
        block[156] = UInt8(ascii: type)
        put(Array("ustar\0".utf8) + Array("00".utf8), at: 257, in: &block)
        return checked(block)
    }

    /// The extended records that the entry needs; empty when its ustar header says all.
    static func records(_ entry: ArchiveEntry) -> [UInt8] {
        var records: [UInt8] = []
        let target = linkTarget(entry.kind)
        if name(entry).count > 100 || !isASCII(name(entry)) { records += record(Array("path".utf8), name(entry)) }
        if target.count > 100 || !isASCII(target) { records += record(Array("linkpath".utf8), target) }
        if entry.contentSize >= 1 << 33 { records += record(Array("size".utf8), decimal(entry.contentSize)) }
        if entry.owner >= 1 << 21 { records += record(Array("uid".utf8), decimal(Int64(entry.owner))) }
        if entry.group >= 1 << 21 { records += record(Array("gid".utf8), decimal(Int64(entry.group))) }
        if !(0..<(1 << 33)).contains(entry.modified) { records += record(Array("mtime".utf8), decimal(entry.modified)) }
        for attribute in entry.attributes {
            records += record(Array("SCHILY.xattr.".utf8) + attribute.name, attribute.value)
        }
        return records
    }

    /// `length keyword=value\n`, where the length counts itself.
    private static func record(_ keyword: [UInt8], _ value: [UInt8]) -> [UInt8] {
        let rest = [UInt8(ascii: " ")] + keyword + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
        var length = rest.count + 1
        while rest.count + String(length).utf8.count != length { length = rest.count + String(length).utf8.count }
        return Array(String(length).utf8) + rest
    }

    private static func name(_ entry: ArchiveEntry) -> [UInt8] {
        let name = entry.path.bytes.isEmpty ? [UInt8(ascii: ".")] : entry.path.bytes
        return entry.kind == .directory ? name + [UInt8(ascii: "/")] : name
    }

    private static func type(_ kind: ArchiveEntry.Kind) -> Unicode.Scalar {
        switch kind {
        case .regular: "0"
        case .hardLink: "1"
        case .symbolicLink: "2"
        case .characterDevice: "3"
        case .blockDevice: "4"
        case .directory: "5"
        case .fifo: "6"
        }
    }

    private static func linkTarget(_ kind: ArchiveEntry.Kind) -> [UInt8] {
        switch kind {
        case .symbolicLink(let target): target
        case .hardLink(let target): target.bytes
        default: []
        }
    }

    private static func device(_ kind: ArchiveEntry.Kind) -> (major: UInt32, minor: UInt32) {
        switch kind {
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor): (major, minor)
        default: (0, 0)
        }
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

    private static func decimal(_ value: Int64) -> [UInt8] { Array(String(value).utf8) }

    /// Octal digits of a fixed width; zero where the value does not fit, because a record then has it.
    static func octal(_ value: Int64, _ width: Int) -> [UInt8] {
        let digits = Array(String(value, radix: 8).utf8)
        guard digits.count <= width else { return [UInt8](repeating: UInt8(ascii: "0"), count: width) }
        return [UInt8](repeating: UInt8(ascii: "0"), count: width - digits.count) + digits
    }

    /// Writes bytes at a place of a block.
    static func put(_ bytes: [UInt8], at offset: Int, in block: inout [UInt8]) {
        block.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    }

    /// Sets the checksum: the sum of all bytes with the checksum itself taken as spaces.
    static func checked(_ block: [UInt8]) -> [UInt8] {
        var block = block
        put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148, in: &block)
        let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
        put(octal(sum, 6) + [0, UInt8(ascii: " ")], at: 148, in: &block)
        return block
    }
}
