import Cryptography
import ImageModel
import Testing

@testable import ImageFetching

@Suite("Journal")
struct JournalRecordTests {
    static let records: [JournalRecord] = [
        JournalRecord(kind: .copied, file: 0, range: 0..<1_000_000),
        JournalRecord(kind: .arrived, file: 2, range: 5..<6),
        JournalRecord(kind: .fetched, file: 1, range: 1_000_000..<(1 << 40)),
        JournalRecord(kind: .discarded, file: 0, range: 4096..<8192),
    ]

    static func write() throws -> (source: Digest, bytes: [UInt8]) {
        let source = try SHA256Hasher.digest(of: [1])
        var (codec, bytes) = try JournalCodec.begin(source: source)
        for record in records { bytes += try codec.append(record) }
        return (source, bytes)
    }

    @Test("what is written is read, and the empty space behind it is not")
    func roundTrip() throws {
        let (source, bytes) = try Self.write()
        let read = try #require(try JournalCodec.read(bytes + [UInt8](repeating: 0, count: 100), source: source))
        #expect(read.records == Self.records && read.codec.length == bytes.count)
    }

    @Test("a cut at any byte leaves the records before it")
    func cut() throws {
        let (source, bytes) = try Self.write()
        for length in 0..<bytes.count {
            let read = try JournalCodec.read(Array(bytes[..<length]), source: source)
            let whole = (length - JournalCodec.headerLength) / JournalCodec.recordLength
            #expect(read?.records == (length < JournalCodec.headerLength ? nil : Array(Self.records.prefix(whole))))
        }
    }

    @Test("a change of any byte ends the journal there")
    func change() throws {
        let (source, bytes) = try Self.write()
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0x10
            let read = try JournalCodec.read(changed, source: source)
            let before = (place - JournalCodec.headerLength) / JournalCodec.recordLength
            #expect(read?.records == (place < JournalCodec.headerLength ? nil : Array(Self.records.prefix(before))))
        }
    }

    @Test("a journal of another source, or a record of an older one, does not count")
    func stale() throws {
        let (source, bytes) = try Self.write()
        #expect(try JournalCodec.read(bytes, source: SHA256Hasher.digest(of: [2])) == nil)
        // The second record is written anew; the third, which followed the old one, is still there.
        var (codec, fresh) = try JournalCodec.begin(source: source)
        fresh += try codec.append(Self.records[0])
        fresh += try codec.append(Self.records[3])
        let read = try JournalCodec.read(fresh + bytes[fresh.count...], source: source)
        #expect(read?.records == [Self.records[0], Self.records[3]])
    }
}
