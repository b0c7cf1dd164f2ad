import Foundation

/// A raw disk on which the writes of a log are carried out up to any cut, one cut after the other.
///
/// What is durable is only ever added; what a cut brings on top is taken back before the next one, so that a cut costs
/// no more than its own writes.
final class ReplayedDisk {
    /// Bytes of the disk that share a version.
    static let grain: UInt64 = 64 * 1024

    let path: String
    private let log: BlockLog
    private let file: FileHandle
    private var position = 0
    private var undo: [(offset: UInt64, bytes: Data)] = []
    private var borrowed: [Int: UInt32] = [:]
    private var versions: [UInt32]
    private var lastVersion: UInt32 = 0

    /// Takes over the raw disk at `path`, which must be as it was when the log began.
    init(at path: String, log: BlockLog) throws {
        self.path = path
        self.log = log
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        let size = try file.seekToEnd()
        versions = [UInt32](repeating: 0, count: Int(size / Self.grain) + 1)
    }

    deinit { try? file.close() }

    /// Brings the disk to a cut, which must not be before an earlier one.
    func bring(to cut: PowerCut) throws {
        try takeBack()
        guard cut.durable >= position else { throw MachineError("replay \(cut)", "an earlier cut is asked for") }
        for index in position..<cut.durable {
            let entry = log.entries[index]
            if entry.kind == .write { try write(log.data(of: entry), at: entry.offset) }
            if entry.kind == .discard { try discard(entry.range) }
        }
        position = cut.durable
        for arrival in cut.arrivals {
            let entry = log.entries[arrival.entry]
            let offset = entry.offset + UInt64(arrival.sectors.lowerBound * BlockLog.sector)
            let bytes = log.data(of: entry, sectors: arrival.sectors)
            undo.append((offset, try read(at: offset, count: bytes.count)))
            for index in grains(offset..<offset + UInt64(bytes.count)) where borrowed[index] == nil {
                borrowed[index] = versions[index]
            }
            try write(bytes, at: offset)
        }
    }

    /// Reads some bytes of the disk as it is now.
    func read(at offset: UInt64, count: Int) throws -> Data {
        try file.seek(toOffset: offset)
        let bytes = try file.read(upToCount: count) ?? Data()
        return bytes.count == count ? bytes : bytes + Data(count: count - bytes.count)
    }

    /// What changes whenever a byte of these may have changed.
    func version(of ranges: [Range<UInt64>]) -> [UInt32] {
        ranges.flatMap { range in grains(range).map { versions[$0] } }
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

    private func write(_ bytes: Data, at offset: UInt64) throws {
        try file.seek(toOffset: offset)
        try file.write(contentsOf: bytes)
        mark(offset..<offset + UInt64(bytes.count))
    }

    /// Makes zeros of what was given up, but leaves holes as they are.
    private func discard(_ range: Range<UInt64>) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
            let count = Int(min(1 << 20, range.upperBound - start))
            if try read(at: start, count: count).contains(where: { $0 != 0 }) {
                try write(Data(count: count), at: start)
            }
        }
    }

    private func mark(_ range: Range<UInt64>) {
        lastVersion += 1
        for index in grains(range) { versions[index] = lastVersion }
    }

    private func grains(_ range: Range<UInt64>) -> Range<Int> {
        guard !range.isEmpty else { return 0..<0 }
        return Int(range.lowerBound / Self.grain)..<min(Int((range.upperBound - 1) / Self.grain) + 1, versions.count)
    }
}
