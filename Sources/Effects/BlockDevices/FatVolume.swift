package import LinuxSystem
package import SystemPackage

/// Reads a small file of a FAT16 or FAT32 filesystem that is mounted nowhere, without the kernel's three modules for it.
///
/// The forms are those of Microsoft's "FAT32 File System Specification", 1.03. Names are compared by their short form, 8.3
/// and without regard to case. What is unusual is no error but nil: whoever asks can mount it.
package struct FatVolume: Equatable, Sendable {
    /// The most clusters of a folder or a file that are followed.
    private static let chainLimit = 256
    private static let entrySize = 32

    private let clusterSize: Int
    private let firstData: Int64
    private let firstTable: Int64
    private let clusterCount: UInt32
    private let isWide: Bool
    private let root: Place

    /// Where a folder begins.
    private enum Place: Equatable {
        case cluster(UInt32)
        /// A root folder of FAT16, at a fixed place, so many bytes long.
        case fixed(Int64, Int)
    }

    /// Reads the first sector; nil when it is none of these filesystems.
    init?(_ sector: [UInt8]) {
        guard sector.count >= 512, sector[510] == 0x55, sector[511] == 0xAA else { return nil }
        let bytes = Int64(sector.littleEndian(0x0B, 2)), reserved = Int64(sector.littleEndian(0x0E, 2))
        let (perCluster, tables) = (Int64(sector[0x0D]), Int64(sector[0x10]))
        let (narrowLength, wideLength) = (Int64(sector.littleEndian(0x16, 2)), Int64(sector.littleEndian(0x24, 4)))
        let length = narrowLength != 0 ? narrowLength : wideLength
        let total =
            sector.littleEndian(0x13, 2) != 0
            ? Int64(sector.littleEndian(0x13, 2)) : Int64(sector.littleEndian(0x20, 4))
        let rootLength = Int64(sector.littleEndian(0x11, 2)) * Int64(Self.entrySize)
        guard [512, 1024, 2048, 4096].contains(bytes), perCluster > 0, perCluster & (perCluster - 1) == 0,
            tables > 0, length > 0, reserved > 0
        else { return nil }
        let fixedRoot = (reserved + tables * length) * bytes
        firstTable = reserved * bytes
        firstData = fixedRoot + (rootLength + bytes - 1) / bytes * bytes
        clusterSize = Int(perCluster * bytes)
        let clusters = (total * bytes - firstData) / Int64(clusterSize)
        guard clusters >= 4085, clusters <= 0x0FFF_FFF5 else { return nil }
        clusterCount = UInt32(clusters)
        isWide = clusters >= 65525
        guard isWide == (narrowLength == 0) else { return nil }
        root = isWide ? .cluster(sector.littleEndian(0x2C, 4)) : .fixed(fixedRoot, Int(rootLength))
    }

    /// Reads a file of a device by its path; nil when it is not there, is longer than the limit, or the filesystem is not
    /// as it should be.
    ///
    /// - Throws: `SystemError` when the device cannot be read.
    package static func read(_ path: FilePath, of device: FilePath, limit: Int) throws(SystemError) -> [UInt8]? {
        guard let volume = FatVolume(try DiskReading.bytes(of: device, at: 0, count: 512)) else { return nil }
        return try volume.read(path.components.map(\.string), limit: limit) { (offset, count) throws(SystemError) in
            try DiskReading.bytes(of: device, at: offset, count: count)
        }
    }

    /// Whether the root folder of a device has surely no entry of a name; false also where that cannot be told.
    ///
    /// - Throws: `SystemError` when the device cannot be read.
    package static func lacks(_ name: String, on device: FilePath) throws(SystemError) -> Bool {
        guard let short = shortName(name), let volume = FatVolume(try FileRange.read(device, at: 0, count: 512)) else {
            return false
        }
        let found = try volume.find(short, in: volume.root) { (offset, count) throws(SystemError) in
            try FileRange.read(device, at: offset, count: count)
        }
        return found == .absent
    }

    /// The same with another way to read bytes at a place.
    func read(
        _ names: [String], limit: Int, from bytes: (Int64, Int) throws(SystemError) -> [UInt8]
    ) throws(SystemError) -> [UInt8]? {
        var folder = root
        for (index, name) in names.enumerated() {
            guard let short = Self.shortName(name), case .entry(let entry) = try find(short, in: folder, bytes) else {
                return nil
            }
            let isFolder = entry[11] & 0x10 != 0
            let first = entry.littleEndian(20, 2) << 16 | entry.littleEndian(26, 2)
            let cluster = isWide ? first : first & 0xFFFF
            if index < names.count - 1 {
                guard isFolder else { return nil }
                folder = cluster == 0 ? root : .cluster(cluster)
                continue
            }
            let size = Int(entry.littleEndian(28, 4))
            guard !isFolder, size <= limit else { return nil }
            guard let content = try chain(from: cluster, atMost: size, bytes), content.count >= size else { return nil }
            return Array(content.prefix(size))
        }
        return nil
    }

    /// What a folder says of a name.
    private enum Search: Equatable {
        case entry([UInt8])
        /// The folder was read to the mark behind its last entry.
        case absent
        /// The folder is not as it should be, or has no such mark.
        case unknown
    }

    /// A name as a folder has it: eight and three bytes, filled with blanks; nil for one that has no such form.
    static func shortName(_ name: String) -> [UInt8]? {
        let parts = name.uppercased().split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard parts.count <= 2, (1...8).contains(parts[0].count), parts.count == 1 || parts[1].count <= 3 else {
            return nil
        }
        let tail = parts.count == 2 ? parts[1] : []
        return parts[0] + Array(repeating: 0x20, count: 8 - parts[0].count) + tail
            + Array(repeating: 0x20, count: 3 - tail.count)
    }

    private func find(
        _ name: [UInt8], in folder: Place, _ bytes: (Int64, Int) throws(SystemError) -> [UInt8]
    ) throws(SystemError) -> Search {
        let content: [UInt8]?
        switch folder {
        case .fixed(let offset, let length): content = try bytes(offset, length)
        case .cluster(let first): content = try chain(from: first, atMost: Self.chainLimit * clusterSize, bytes)
        }
        guard let content else { return .unknown }
        for start in stride(from: 0, to: content.count - Self.entrySize + 1, by: Self.entrySize) {
            let entry = content[start..<start + Self.entrySize]
            if content[start] == 0 { return .absent }
            // A label, or a part of a long name, has this bit.
            if entry[start + 11] & 0x08 == 0, entry.starts(with: name) { return .entry(Array(entry)) }
        }
        return .unknown
    }

    /// The clusters of a file, as many as it takes; nil when they lead nowhere.
    private func chain(
        from first: UInt32, atMost size: Int, _ bytes: (Int64, Int) throws(SystemError) -> [UInt8]
    ) throws(SystemError) -> [UInt8]? {
        var content: [UInt8] = []
        var cluster = first
        for _ in 0..<Self.chainLimit where content.count < size {
            guard cluster >= 2, cluster < clusterCount + 2 else { return nil }
            content += try bytes(firstData + Int64(cluster - 2) * Int64(clusterSize), clusterSize)
            let width = isWide ? 4 : 2
            let next = try bytes(firstTable + Int64(cluster) * Int64(width), width).littleEndian(0, width)
            cluster = isWide ? next & 0x0FFF_FFFF : next
            if cluster >= (isWide ? 0x0FFF_FFF8 : 0xFFF8) { break }
        }
        return content
    }
}
