// Reads the structure of an ISO 9660 filesystem (ECMA-119) with the names of Rock Ridge (IEEE P1282, SUSP 1.12): where
// each file's bytes lie. Nothing is mounted and nothing copied.
import SystemPackage

/// Lists the files of an ISO 9660 filesystem.
struct ISOTable {
    /// Bytes of a logical sector (ECMA-119 6.1.2).
    static let sector = 2_048
    /// The most files and folders that are read.
    static let maximumEntries = 200_000
    /// The most bytes of folders, and of what names go on in, that are read in all.
    static let maximumStructure = 64 << 20
    /// The longest name in bytes: the kernel's NAME_MAX.
    static let maximumName = 255
    /// The most bytes of paths in all.
    static let maximumPaths = 32 << 20
    /// The deepest folder that is read.
    static let maximumDepth = 32

    private let source: ByteSource
    private var files: [String: FileContent] = [:]
    private var entries = 0
    private var structureBytes = 0
    private var pathBytes = 0
    /// Where folders began that were read; a folder that holds itself is not read again.
    private var visited: Set<Int> = []

    private init(_ source: ByteSource) { self.source = source }

    /// The files by relative name.
    ///
    /// - Throws: `RegistryError` for a damaged filesystem, `SystemError` when it cannot be read.
    static func files(in source: ByteSource) throws -> [String: FileContent] {
        let descriptor = try source.bytes(at: 16 * sector, count: sector)
        guard isDescriptor(descriptor) else { throw RegistryError.damaged(source.path, "it is no ISO 9660 filesystem") }
        var table = ISOTable(source)
        guard let root = ISORecord(descriptor[156..<190]) else {
            throw RegistryError.damaged(source.path, "its root folder is malformed")
        }
        try table.read(root, named: "", depth: 0)
        return table.files
    }

    /// Says whether the sector at byte 32,768 is a primary volume descriptor (ECMA-119 8.4).
    static func isDescriptor(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 190 && bytes[0] == 1 && Array(bytes[1..<6]) == Array("CD001".utf8)
    }

    private mutating func read(_ folder: ISORecord, named path: String, depth: Int) throws {
        guard visited.insert(folder.place).inserted else { return }
        guard depth <= Self.maximumDepth else {
            throw RegistryError.damaged(source.path, "folder '\(path)' is more than \(Self.maximumDepth) folders deep")
        }
        try count(structure: folder.length)
        let bytes = try source.bytes(at: folder.place, count: folder.length)
        var pending: [Range<Int>] = []
        for record in try records(bytes, of: path) {
            let name = try name(record)
            let place = path.isEmpty ? name : "\(path)/\(name)"
            try count(path: place)
            if record.isFolder {
                try read(record, named: place, depth: depth + 1)
            } else {
                pending.append(try source.extent(at: record.place, count: record.length))
                if record.isContinued { continue }
                files[place] = FileContent(path: source.path, extents: pending.filter { !$0.isEmpty })
                pending = []
            }
        }
    }

    /// Counts bytes that are read to find names and places: records may all go on in one area.
    private mutating func count(structure bytes: Int) throws {
        structureBytes += bytes
        guard structureBytes <= Self.maximumStructure else {
            throw RegistryError.damaged(source.path, "its folders have more than \(Self.maximumStructure >> 20) MiB")
        }
    }

    /// Counts bytes that are kept.
    private mutating func count(path: String) throws {
        pathBytes += path.utf8.count
        guard pathBytes <= Self.maximumPaths else {
            throw RegistryError.damaged(source.path, "its paths have more than \(Self.maximumPaths >> 20) MiB")
        }
    }

    /// The records of a folder but for itself and its parent; none crosses the end of a sector (ECMA-119 6.8.1.1).
    private mutating func records(_ bytes: [UInt8], of path: String) throws -> [ISORecord] {
        var records: [ISORecord] = []
        var position = 0
        while position < bytes.count {
            let length = Int(bytes[position])
            if length == 0 {
                position = (position / Self.sector + 1) * Self.sector
                continue
            }
            guard position + length <= bytes.count, let record = ISORecord(bytes[position..<(position + length)]) else {
                throw RegistryError.damaged(source.path, "folder '\(path)' is malformed")
            }
            position += length
            entries += 1
            guard entries <= Self.maximumEntries else {
                throw RegistryError.damaged(source.path, "more than \(Self.maximumEntries) files")
            }
            if record.identifier != [0], record.identifier != [1] { records.append(record) }
        }
        return records
    }

    /// The Rock Ridge name; else the short one as Linux shows it, in lower case without the version.
    private mutating func name(_ record: ISORecord) throws -> String {
        var name: [UInt8] = []
        var area = record.systemUse
        for _ in 0..<8 {
            var continuation: (place: Int, length: Int)?
            for (kind, data) in ISORecord.systemUseEntries(area) {
                if kind == "NM", let flags = data.first, flags & 0b110 == 0 { name += data.dropFirst() }
                if kind == "CE" { continuation = ISORecord.continuation(data) }
            }
            guard name.count <= Self.maximumName else { break }
            guard let next = continuation else { break }
            let length = min(next.length, Self.sector)
            try count(structure: length)
            area = try source.bytes(at: next.place, count: length)
        }
        let short = String(decoding: record.identifier.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).lowercased()
        let text = name.isEmpty ? (short.hasSuffix(".") ? String(short.dropLast()) : short) : nil
        let result = text ?? String(decoding: name, as: UTF8.self)
        guard name.count <= Self.maximumName else {
            throw RegistryError.damaged(source.path, "a file's name has more than \(Self.maximumName) bytes")
        }
        guard !result.isEmpty, result != ".", result != "..", !result.contains("/") else {
            throw RegistryError.damaged(source.path, "a file has the name \(result.debugDescription)")
        }
        return result
    }
}

/// Holds one record of a folder (ECMA-119 9.1).
struct ISORecord {
    /// Where the content begins, in bytes.
    let place: Int
    /// Bytes of content.
    let length: Int
    let identifier: [UInt8]
    let systemUse: [UInt8]
    private let flags: UInt8

    var isFolder: Bool { flags & 0b10 != 0 }
    /// Whether the next record is the next piece of the same file.
    var isContinued: Bool { flags & 0b1000_0000 != 0 }

    init?(_ slice: ArraySlice<UInt8>) {
        let bytes = Array(slice)
        guard bytes.count >= 34 else { return nil }
        let nameLength = Int(bytes[32])
        let nameEnd = 33 + nameLength
        guard nameLength > 0, nameEnd <= bytes.count else { return nil }
        place = (Self.word(bytes, at: 2) + Int(bytes[1])) * ISOTable.sector
        length = Self.word(bytes, at: 10)
        flags = bytes[25]
        identifier = Array(bytes[33..<nameEnd])
        systemUse = Array(bytes.dropFirst(nameEnd + (nameLength.isMultiple(of: 2) ? 1 : 0)))
    }

    /// A number of 32 bits, little end first; 0 beyond the end.
    static func word(_ bytes: [UInt8], at place: Int) -> Int {
        guard place + 4 <= bytes.count else { return 0 }
        return (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    /// The entries of a system use area, as far as they are well formed (SUSP 4.1).
    static func systemUseEntries(_ area: [UInt8]) -> [(kind: String, data: [UInt8])] {
        var entries: [(kind: String, data: [UInt8])] = []
        var position = 0
        while position + 4 <= area.count {
            let length = Int(area[position + 2])
            guard length >= 4, position + length <= area.count else { break }
            let kind = String(decoding: area[position..<(position + 2)], as: UTF8.self)
            entries.append((kind, Array(area[(position + 4)..<(position + length)])))
            position += length
        }
        return entries
    }

    /// Where a system use area goes on (SUSP 5.1).
    static func continuation(_ data: [UInt8]) -> (place: Int, length: Int)? {
        guard data.count >= 24 else { return nil }
        return (word(data, at: 0) * ISOTable.sector + word(data, at: 8), word(data, at: 16))
    }
}
