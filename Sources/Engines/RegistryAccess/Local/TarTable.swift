// Reads the structure of a tar archive: POSIX ustar with pax headers (POSIX.1-2017, pax, "ustar Interchange Format") and
// GNU's long names. Nothing is unpacked: what is kept is where each file's bytes lie.
import SystemPackage

/// Lists the regular files of an uncompressed tar archive, those that links lead to under the links' names as well.
struct TarTable {
    /// The most entries that are read.
    static let maximumEntries = 200_000
    /// The longest pax header or long name that is read, in bytes.
    static let maximumHeader = 1 << 20
    /// The longest chain of symbolic links that is followed, as the kernel's.
    static let maximumLinks = 40
    /// The longest path in bytes: the kernel's PATH_MAX.
    static let maximumPath = 4_096
    /// The most bytes of paths in all.
    static let maximumPaths = 32 << 20
    private static let block = 512

    private let source: ByteSource
    private var files: [String: FileContent] = [:]
    /// Symbolic links and the paths that they mean; they may come before what they lead to.
    private var links: [String: String] = [:]
    private var name: [UInt8]?
    private var target: [UInt8]?
    private var size: Int?
    private var pathBytes = 0

    private init(_ source: ByteSource) { self.source = source }

    /// The files by normalised relative name; a name that comes twice means the later one, as when unpacking.
    ///
    /// - Throws: `RegistryError` for a damaged archive, `SystemError` when it cannot be read.
    static func files(in source: ByteSource) throws -> [String: FileContent] {
        var table = TarTable(source)
        var offset = 0
        var count = 0
        while offset < source.size {
            guard let next = try table.entry(at: offset) else { break }
            offset = next
            count += 1
            guard count <= maximumEntries else {
                throw RegistryError.damaged(source.path, "more than \(maximumEntries) entries")
            }
        }
        return table.resolved()
    }

    /// Says whether a block begins a tar archive.
    static func isHeader(_ block: [UInt8]) -> Bool {
        block.count >= Self.block && Array(block[257..<262]) == Array("ustar".utf8) && checksumIsRight(block)
    }

    /// Takes one entry and says where the next begins; nil at the end.
    private mutating func entry(at offset: Int) throws -> Int? {
        let header = try source.bytes(at: offset, count: Self.block)
        if header.allSatisfy({ $0 == 0 }) { return nil }
        guard Self.checksumIsRight(header) else { throw damaged(offset, "the checksum of the header is wrong") }
        guard let stated = Self.number(header[124..<136]) else { throw damaged(offset, "the size is no number") }
        let kind = header[156]
        let isExtension = [UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K")].contains(kind)
        let length = isExtension ? stated : size ?? stated
        let data = try source.extent(at: offset + Self.block, count: Self.hasData(kind) ? length : 0)
        if isExtension {
            try take(extension: kind, data)
        } else {
            try take(header, kind: kind, data)
        }
        let padding = (Self.block - data.count % Self.block) % Self.block
        return data.upperBound + padding
    }

    /// Links, devices, folders and pipes have a size in some archives, but never bytes.
    private static func hasData(_ kind: UInt8) -> Bool { !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(kind) }

    private mutating func take(_ header: [UInt8], kind: UInt8, _ data: Range<Int>) throws {
        defer { (name, target, size) = (nil, nil, nil) }
        guard let path = Self.normalised(name ?? Self.headerName(header)) else { return }
        // As when unpacking, what comes later replaces what has the same name.
        files[path] = nil
        links[path] = nil
        let target = target ?? Array(header[157..<257].prefix { $0 != 0 })
        switch kind {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
            files[path] = FileContent(path: source.path, extents: data.isEmpty ? [] : [data])
        case UInt8(ascii: "1"): files[path] = Self.normalised(target).flatMap { files[$0] }
        case UInt8(ascii: "2"): links[path] = Self.normalised(target, in: path)
        default: return
        }
        try count(path.utf8.count + (links[path]?.utf8.count ?? 0))
    }

    /// Counts bytes that are kept.
    private mutating func count(_ bytes: Int) throws {
        pathBytes += bytes
        guard pathBytes <= Self.maximumPaths else {
            throw RegistryError.damaged(source.path, "its paths have more than \(Self.maximumPaths >> 20) MiB")
        }
    }

    /// The files with those that symbolic links lead to; a link that leads nowhere, or in a circle, is left out.
    private func resolved() -> [String: FileContent] {
        var files = files
        for name in links.keys {
            var place = name
            for _ in 0..<Self.maximumLinks {
                guard let next = links[place] else { break }
                place = next
            }
            files[name] = self.files[place]
        }
        return files
    }

    private mutating func take(extension kind: UInt8, _ data: Range<Int>) throws {
        guard data.count <= Self.maximumHeader else { throw damaged(data.lowerBound, "a header is too long") }
        let bytes = try source.bytes(at: data.lowerBound, count: data.count)
        switch kind {
        case UInt8(ascii: "L"): name = Array(bytes.prefix { $0 != 0 })
        case UInt8(ascii: "K"): target = Array(bytes.prefix { $0 != 0 })
        case UInt8(ascii: "x"):
            guard let records = Self.records(bytes) else { throw damaged(data.lowerBound, "a pax header is malformed") }
            for (key, value) in records where key == "path" { name = value }
            for (key, value) in records where key == "linkpath" { target = value }
            for (key, value) in records where key == "size" { size = Self.decimal(value) }
        default: break
        }
    }

    /// The keys and values of a pax header: `LENGTH key=value` and a line feed each.
    private static func records(_ bytes: [UInt8]) -> [(String, [UInt8])]? {
        var result: [(String, [UInt8])] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != 0x20 }
            guard let length = decimal(digits), length > digits.count + 1, length <= rest.count else { return nil }
            let record = rest.prefix(length).dropFirst(digits.count + 1)
            guard record.last == 0x0A, let equals = record.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            result.append(
                (String(decoding: record[..<equals], as: UTF8.self), Array(record[(equals + 1)...].dropLast())))
            rest = rest.dropFirst(length)
        }
        return result
    }

    private static func headerName(_ header: [UInt8]) -> [UInt8] {
        let name = header[0..<100].prefix { $0 != 0 }
        let isPosix = Array(header[257..<263]) == Array("ustar".utf8) + [0]
        let prefix = isPosix ? header[345..<500].prefix { $0 != 0 } : []
        return prefix.isEmpty ? Array(name) : Array(prefix) + [UInt8(ascii: "/")] + Array(name)
    }

    /// The name without `./` and double slashes; nil for one that leads outside, is too long or is no UTF-8.
    private static func normalised(_ name: [UInt8]) -> String? {
        guard name.count <= maximumPath, let text = String(validating: name, as: UTF8.self) else { return nil }
        let parts = text.split(separator: "/").filter { $0 != "." }
        return parts.isEmpty || parts.contains("..") ? nil : parts.joined(separator: "/")
    }

    /// The path that a symbolic link's target means; nil for one that leads outside, is too long or is no UTF-8.
    private static func normalised(_ target: [UInt8], in link: String) -> String? {
        guard target.count <= maximumPath, target.first != UInt8(ascii: "/"),
            let text = String(validating: target, as: UTF8.self)
        else { return nil }
        var parts = link.split(separator: "/").dropLast()
        for part in text.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else { return nil }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }

    /// The sum of the header's bytes, the checksum's own counted as spaces.
    private static func checksumIsRight(_ header: [UInt8]) -> Bool {
        let sum = header.prefix(block).enumerated().reduce(0) { sum, byte in
            sum + ((148..<156).contains(byte.offset) ? 0x20 : Int(byte.element))
        }
        return number(header[148..<156]) == sum
    }

    /// Reads an octal number, or GNU's binary one with the top bit set.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            let bytes = [first & 0x7F] + field.dropFirst()
            guard bytes.dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            return Int(exactly: bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }

    private static func decimal(_ digits: some Collection<UInt8>) -> Int? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private func damaged(_ offset: Int, _ cause: String) -> RegistryError {
        .damaged(source.path, "byte \(offset): \(cause)")
    }
}
