import Foundation
import SystemPackage
import Testing

@testable import RegistryAccess

@Suite("Structure of archives and media")
struct TableTests {
    /// Copies of some bytes with others in a few places, and cut off; the same on every run (SplitMix64).
    static func mutations(_ bytes: [UInt8], in range: Range<Int>, count: Int) -> [[UInt8]] {
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return Int((word ^ word >> 31) % UInt64(bound))
        }
        return (0..<count).map { _ in
            var copy = bytes
            for _ in 0...next(4) {
                copy[range.lowerBound + next(range.count)] = [0, 0x80, 0xFF, UInt8(next(256))][next(4)]
            }
            return next(8) == 0 ? Array(copy.prefix(next(copy.count))) : copy
        }
    }

    static func source(_ bytes: [UInt8]) -> ByteSource {
        ByteSource(path: "mutated", size: bytes.count) { offset, count in Array(bytes[offset..<(offset + count)]) }
    }

    @Test("mutated tar archives are refused or read, every part inside the file", .timeLimit(.minutes(10)))
    func tar() throws {
        let fixture = try SourceFixture()
        try fixture.run(
            """
            mkdir -p a/b; seq 300 > a/b/one; echo 2 > a/two; ln -s two a/three; ln a/two a/four
            echo > a/$(printf %0150d 0); tar --format=pax -cf pax.tar a; tar --format=gnu -cf gnu.tar a
            """)
        for name in ["pax.tar", "gnu.tar"] {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: fixture.folder.appending(name).string)))
            let whole = try TarTable.files(in: Self.source(bytes))
            #expect(whole.keys.sorted() == ["a/" + String(repeating: "0", count: 150), "a/b/one", "a/two"].sorted())
            for mutated in Self.mutations(bytes, in: 0..<bytes.count, count: 1_500) {
                guard let files = try? TarTable.files(in: Self.source(mutated)) else { continue }
                #expect(files.values.allSatisfy { $0.extents.allSatisfy { $0.upperBound <= mutated.count } })
            }
        }
    }

    @Test("mutated ISO filesystems are refused or read, every part inside the file", .timeLimit(.minutes(10)))
    func iso() throws {
        let fixture = try SourceFixture()
        try fixture.run(
            """
            mkdir -p cd/b/c; seq 300 > cd/b/c/one; echo 2 > cd/$(printf %0220d 0); ln -s x cd/link
            xorriso -as mkisofs -quiet -R -o cd.iso cd 2> /dev/null
            """)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: fixture.folder.appending("cd.iso").string)))
        let whole = try ISOTable.files(in: Self.source(bytes))
        #expect(whole.keys.sorted() == [String(repeating: "0", count: 220), "b/c/one", "link"])
        #expect(whole["b/c/one"]?.size == 1_092)
        for mutated in Self.mutations(bytes, in: (16 * 2_048)..<(40 * 2_048), count: 3_000) {
            guard let files = try? ISOTable.files(in: Self.source(mutated)) else { continue }
            #expect(files.values.allSatisfy { $0.extents.allSatisfy { $0.upperBound <= mutated.count } })
        }
    }

    @Test("a file of an ISO filesystem beyond 4 GiB lies in several pieces")
    func pieces() throws {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } + [0, 0, 0, 0] }
        func record(_ name: String, sector: Int, length: Int, flags: UInt8) -> [UInt8] {
            let bytes = [0] + word(sector) + word(length) + [0, 0, 0, 0, 0, 0, 0, flags, 0, 0, 0, 0, 0, 0]
            let named = bytes + [UInt8(name.utf8.count)] + Array(name.utf8) + (name.utf8.count % 2 == 0 ? [0] : [])
            return [UInt8(named.count + 1)] + named
        }
        var bytes = [UInt8](repeating: 0, count: 24 * 2_048)
        let root = record("\u{0}", sector: 17, length: 2_048, flags: 2)
        bytes.replaceSubrange((16 * 2_048)..<(16 * 2_048 + 6), with: [1] + Array("CD001".utf8))
        bytes.replaceSubrange((16 * 2_048 + 156)..<(16 * 2_048 + 156 + root.count), with: root)
        let records =
            root + record("BIG.;1", sector: 20, length: 2_048, flags: 0x80)
            + record("BIG.;1", sector: 18, length: 2_048, flags: 0x80)
            + record("BIG.;1", sector: 22, length: 5, flags: 0)
            + record("SMALL.TXT;1", sector: 19, length: 9, flags: 0)
        bytes.replaceSubrange((17 * 2_048)..<(17 * 2_048 + records.count), with: records)
        let files = try ISOTable.files(in: Self.source(bytes))
        #expect(files["big"]?.extents == [40_960..<43_008, 36_864..<38_912, 45_056..<45_061])
        #expect(files["small.txt"]?.extents == [38_912..<38_921])
    }

    @Test("a range of content in pieces is read across them")
    func across() throws {
        let fixture = try SourceFixture()
        try fixture.write(Array("..cd..ab..ef".utf8), to: "file")
        let content = FileContent(path: fixture.folder.appending("file"), extents: [6..<8, 2..<4, 10..<12])
        for range in [0..<6, 1..<5, 2..<4, 3..<3, 5..<6] {
            var text: [UInt8] = []
            try content.read(range) { offset, bytes in
                #expect(offset == range.lowerBound + text.count)
                for index in bytes.indices { text.append(bytes[index]) }
            }
            #expect(text == Array(Array("abcdef".utf8)[range]))
        }
    }
}
