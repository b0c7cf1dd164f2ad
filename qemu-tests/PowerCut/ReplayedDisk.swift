import Foundation

/// A raw disk, or one partition of it, on which the writes of a log are carried out up to any cut, one after the other.
///
/// What is durable is only ever added; what a cut brings on top is taken back before the next one, so that a cut costs
/// no more than its own writes.
final class ReplayedDisk {
    /// Bytes of the disk that share a version.
    static let grain: UInt64 = 64 * 1024

    let path: String
    private let log: BlockLog
    private let window: Range<UInt64>
    private let file: FileHandle
    private var position = 0
    private var undo: [(offset: UInt64, bytes: Data)] = []
    private var borrowed: [Int: UInt64] = [:]
    private var versions: [UInt64]

    /// Takes over the raw disk at `path`, which must be as it was when the log began.
    ///
    /// With a partition the file holds that alone, and all places count from its begin.
    init(at path: String, log: BlockLog, partition: DiskEditor.Partition? = nil) throws {
        self.path = path
        self.log = log
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        let size = try file.seekToEnd()
        window = partition?.range ?? 0..<size
        versions = [UInt64](repeating: 0, count: Int(size / Self.grain) + 1)
    }

    deinit { try? file.close() }

    /// Brings the disk to a cut, which must not be before an earlier one.
    func bring(to cut: PowerCut) throws {
        try takeBack()
        guard cut.durable >= position else { throw MachineError("replay \(cut)", "an earlier cut is asked for") }
        for index in position..<cut.durable {
            let entry = log.entries[index]
            if entry.kind == .write { try write(index, sectors: 0..<entry.sectors) }
            if entry.kind == .discard { try discard(entry.range.clamped(to: window), version: UInt64(index)) }
        }
        position = cut.durable
        for arrival in cut.arrivals {
            try write(arrival.entry, sectors: arrival.sectors) { try remember($0) }
        }
    }

    /// Makes bytes again what they are on `original`, whose place `offset` is the begin of this one.
    func restore(_ ranges: [Range<UInt64>], from original: ReplayedDisk, at offset: UInt64) throws {
        for range in ranges {
            try file.seek(toOffset: range.lowerBound)
            try file.write(contentsOf: try original.read(at: offset + range.lowerBound, count: range.count))
        }
    }

    /// Reads some bytes of the disk as it is now.
    func read(at offset: UInt64, count: Int) throws -> Data {
        try file.seek(toOffset: offset)
        let bytes = try file.read(upToCount: count) ?? Data()
        return bytes.count == count ? bytes : bytes + Data(count: count - bytes.count)
    }

    /// What is the same only when the same was written there in the same order, whatever other cuts brought in between.
    func version(of ranges: [Range<UInt64>]) -> UInt64 {
        ranges.reduce(0) { version, range in
            versions[grains(range)].reduce(Self.mixed(version, range.lowerBound)) { Self.mixed($0, $1) }
        }
    }

    private func takeBack() throws {
        for (offset, bytes) in undo.reversed() {
            try file.seek(toOffset: offset)
            try file.write(contentsOf: bytes)
        }
        for (index, version) in borrowed { versions[index] = version }
        undo = []
        borrowed = [:]
    }

    /// Notes what the bytes of a range were, so that they can be taken back.
    private func remember(_ range: Range<UInt64>) throws {
        undo.append((range.lowerBound, try read(at: range.lowerBound, count: range.count)))
        for index in grains(range) where borrowed[index] == nil { borrowed[index] = versions[index] }
    }

    /// Writes sectors of an entry, as far as they belong here; `before` is told where.
    private func write(
        _ index: Int, sectors: Range<Int>, before: (Range<UInt64>) throws -> Void = { _ in }
    ) throws {
        let entry = log.entries[index]
        let start = entry.offset + UInt64(sectors.lowerBound * BlockLog.sector)
        let range = (start..<start + UInt64(sectors.count * BlockLog.sector)).clamped(to: window)
        guard !range.isEmpty else { return }
        let first = Int(range.lowerBound - entry.offset) / BlockLog.sector
        let bytes = log.data(of: entry, sectors: first..<first + range.count / BlockLog.sector)
        let place = range.lowerBound - window.lowerBound
        try before(place..<place + UInt64(bytes.count))
        let sectorsHere = UInt64(first) << 32 | UInt64(bytes.count)
        try write(bytes, at: place, version: Self.mixed(UInt64(index), sectorsHere))
    }

    private func write(_ bytes: Data, at offset: UInt64, version: UInt64) throws {
        try file.seek(toOffset: offset)
        try file.write(contentsOf: bytes)
        for index in grains(offset..<offset + UInt64(bytes.count)) {
            versions[index] = Self.mixed(versions[index], version)
        }
    }

    /// Makes zeros of what was given up, but leaves holes as they are.
    private func discard(_ range: Range<UInt64>, version: UInt64) throws {
        let end = range.upperBound - window.lowerBound
        for start in stride(from: range.lowerBound - window.lowerBound, to: end, by: 1 << 20) {
            let count = Int(min(1 << 20, end - start))
            if try read(at: start, count: count).contains(where: { $0 != 0 }) {
                try write(Data(count: count), at: start, version: version)
            }
        }
    }

    /// One number of two, which depends on their order (the finalizer of SplitMix64).
    private static func mixed(_ one: UInt64, _ other: UInt64) -> UInt64 {
        var mixed = (one &* 0x9E37_79B9_7F4A_7C15) ^ (other &+ 0xD134_2543_DE82_EF95)
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private func grains(_ range: Range<UInt64>) -> Range<Int> {
        guard !range.isEmpty else { return 0..<0 }
        return Int(range.lowerBound / Self.grain)..<min(Int((range.upperBound - 1) / Self.grain) + 1, versions.count)
    }
}
