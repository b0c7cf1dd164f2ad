import DiskContract
import ImageModel
import JSONText

/// Reads and writes the ring of records of boots and operations: a preallocated file of fixed slots, overwritten in place,
/// oldest first.
///
/// A slot is 1,024 bytes: `LBHR`, sequence (8 bytes, little endian), length of the text (2), CRC-32 of sequence, length
/// and text (4), JSON text. A slot that a power cut tore fails its CRC and counts as empty; nothing else is lost,
/// because a write touches one slot and no metadata.
package struct BootHistory: Equatable, Sendable {
    /// Bytes of one slot.
    package static let slotSize = 1024
    /// Bytes of the file as it is preallocated.
    package static let fileSize = DiskFiles.historySize
    static let magic = Array("LBHR".utf8)
    static let headerSize = 18

    /// One record and its place in the order of all that were ever written.
    package struct Entry<Record: Equatable & Sendable>: Equatable, Sendable {
        /// Grows by one with each record.
        package var sequence: UInt64
        /// The slot it lies in.
        package var slot: Int
        /// The record.
        package var record: Record
    }

    /// All whole records, oldest first.
    package let all: [Entry<HistoryRecord>]
    /// How many slots the file has.
    package let slotCount: Int

    /// The records of boots, oldest first.
    package var entries: [Entry<BootRecord>] {
        all.compactMap { entry in
            entry.record.boot.map { Entry(sequence: entry.sequence, slot: entry.slot, record: $0) }
        }
    }

    /// Reads a ring; slots that are empty or torn are passed over.
    package init(parsing bytes: [UInt8]) {
        slotCount = bytes.count / Self.slotSize
        var entries: [Entry<HistoryRecord>] = []
        for slot in 0..<slotCount {
            let start = slot * Self.slotSize
            guard let entry = Self.entry(bytes[start..<start + Self.slotSize], slot: slot) else { continue }
            entries.append(entry)
        }
        all = entries.sorted { $0.sequence < $1.sequence }
    }

    /// A slot to write: where, and its bytes.
    package struct SlotWrite: Equatable, Sendable {
        /// Byte offset in the file.
        package var offset: Int
        /// Exactly one slot.
        package var bytes: [UInt8]
    }

    /// The write that appends a record: over the oldest slot, or the record of a boot over the newest one of the same boot.
    ///
    /// That one keeps its place in the order, so that an operation of the same boot still comes after its start.
    ///
    /// - Returns: nil when the file has no slot at all.
    package func appending(_ record: HistoryRecord) -> SlotWrite? {
        guard slotCount > 0 else { return nil }
        if let same = all.last(where: { $0.record.isSameBoot(as: record) }) {
            return SlotWrite(
                offset: same.slot * Self.slotSize, bytes: Self.encode(record, sequence: same.sequence))
        }
        let next = (all.last?.sequence ?? 0) &+ 1
        let free = (0..<slotCount).first { slot in !all.contains { $0.slot == slot } }
        let slot = free ?? all.first?.slot ?? 0
        return SlotWrite(offset: slot * Self.slotSize, bytes: Self.encode(record, sequence: next))
    }

    /// The write that appends the record of a boot.
    ///
    /// - Returns: nil when the file has no slot at all.
    package func appending(_ record: BootRecord) -> SlotWrite? { appending(.boot(record)) }

    private static func entry(_ slot: ArraySlice<UInt8>, slot index: Int) -> Entry<HistoryRecord>? {
        guard slot.starts(with: magic) else { return nil }
        let header = Array(slot.prefix(headerSize))
        let length = Int(header[12]) | Int(header[13]) << 8
        guard length <= slotSize - headerSize else { return nil }
        let text = Array(slot.dropFirst(headerSize).prefix(length))
        let stored = header[14..<18].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard CRC32.checksum(header[4..<14] + text) == stored else { return nil }
        guard let json = try? JSONValue(parsing: text), let record = HistoryRecord(json: json) else { return nil }
        let sequence = header[4..<12].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Entry(sequence: sequence, slot: index, record: record)
    }

    /// Writes a slot; a text too long for it is cut, never the record refused.
    static func encode(_ record: HistoryRecord, sequence: UInt64) -> [UInt8] {
        let text = Array(record.text(atMost: slotSize - headerSize).prefix(slotSize - headerSize))
        var body = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (8 * UInt64($0))) }
        body += [UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)]
        let checksum = CRC32.checksum(body + text)
        body += (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * UInt32($0))) }
        let slot = magic + body + text
        return slot + [UInt8](repeating: 0, count: slotSize - slot.count)
    }
}
