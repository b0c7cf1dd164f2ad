import Faults
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
            let names = ["a/" + String(repeating: "0", count: 150), "a/b/one", "a/two", "a/three", "a/four"]
            #expect(whole.keys.sorted() == names.sorted())
            #expect(whole["a/three"] == whole["a/two"] && whole["a/four"] == whole["a/two"])
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

    @Test("links of a tar archive lead to files inside it, whatever comes first, and never in a circle")
    func links() throws {
        let fixture = try SourceFixture()
        try fixture.run(
            """
            mkdir -p t/aaa t/bbb; echo layer > t/aaa/layer.tar
            ln -s ../aaa/layer.tar t/bbb/layer.tar; ln -s bbb/layer.tar t/again; ln t/aaa/layer.tar t/hard
            ln -s x t/y; ln -s y t/x; ln -s /etc/passwd t/absolute; ln -s ../../etc/passwd t/outside; ln -s none t/nothing
            long=$(printf %0120d 0); ln -s ../aaa/layer.tar t/bbb/$long; ln -s bbb/$long t/long
            tar -C t -cf links.tar again aaa bbb hard x y absolute outside nothing long
            """)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: fixture.folder.appending("links.tar").string)))
        let files = try TarTable.files(in: Self.source(bytes))
        let zeros = String(repeating: "0", count: 120)
        #expect(files.keys.sorted() == ["aaa/layer.tar", "again", "bbb/\(zeros)", "bbb/layer.tar", "hard", "long"])
        #expect(Set(files.values.map(\.extents)).count == 1 && files["again"]?.size == 6)
    }

    /// A filesystem of nested folders whose innermost has files; every name goes on in one area that repeats itself.
    static func bomb(depth: Int, files: Int, area names: Int) -> [UInt8] {
        let sector = ISOTable.sector
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } + [0, 0, 0, 0] }
        func more(_ length: Int) -> [UInt8] { Array("CE".utf8) + [28, 1] + word(18) + word(0) + word(length) }
        let piece = Array("NM".utf8) + [255, 1, 1] + [UInt8](repeating: UInt8(ascii: "n"), count: 250)
        let area = [UInt8]((0..<names).map { _ in piece }.joined()) + more(sector)
        func record(_ name: [UInt8], at place: Int, _ length: Int, _ flags: UInt8) -> [UInt8] {
            let fixed = [0] + word(place) + word(length) + [0, 0, 0, 0, 0, 0, 0, flags, 0, 0, 0, 0, 0, 0, 1]
            let own = Array("NM".utf8) + [UInt8(5 + name.count), 1, 1] + name
            let bytes = fixed + [UInt8(ascii: "A")] + own + (name.isEmpty ? [] : more(sector))
            return [UInt8(bytes.count + 1)] + bytes
        }
        func filled(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [UInt8](repeating: 0, count: (sector - bytes.count % sector) % sector)
        }
        var leaf: [UInt8] = []
        for number in 0..<files {
            let next = record(Array("\(number)".utf8), at: 0, 0, 0)
            if leaf.count % sector + next.count > sector { leaf = filled(leaf) }
            leaf += next
        }
        leaf = filled(leaf)
        var folders: [UInt8] = []
        for level in 0..<depth {
            folders += filled(record(Array("d".utf8), at: 20 + level, level + 1 < depth ? sector : leaf.count, 2))
        }
        var head = [UInt8](repeating: 0, count: sector)
        head.replaceSubrange(0..<6, with: [1] + Array("CD001".utf8))
        let root = [34] + [0] + word(19) + word(sector) + [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0]
        head.replaceSubrange(156..<190, with: root.prefix(34))
        return [UInt8](repeating: 0, count: 16 * sector) + head + [UInt8](repeating: 0, count: sector) + filled(area)
            + folders + leaf
    }

    @Test(
        "a medium whose names, paths or folders multiply is refused, and says what is too much",
        arguments: [
            (30, 8_000, 7, "name has more than 255"), (30, 100_000, 0, "MiB"), (33, 1, 0, "folders deep"),
        ])
    func bombs(depth: Int, files: Int, names: Int, words: String) throws {
        let bytes = Self.bomb(depth: depth, files: files, area: names)
        let error = try #require(throws: RegistryError.self) { _ = try ISOTable.files(in: Self.source(bytes)) }
        #expect(error.cause.contains(words), "\(error)")
        #expect(try ISOTable.files(in: Self.source(Self.bomb(depth: 2, files: 9, area: 0))).count == 9)
    }
}
