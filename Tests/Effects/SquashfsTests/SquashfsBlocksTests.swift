import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Squashfs

@Suite("Squashfs blocks")
struct SquashfsBlocksTests {
    @Test("the blocks of a filesystem leave no gap between superblock and tables")
    func layout() throws {
        let fixture = try SquashfsFixture()
        var generator = SystemRandomNumberGenerator()
        let size = try fixture.write { writer in
            for number in 0..<600 {
                if number % 40 == 0 {
                    let bytes = (0..<(number * 997)).map { _ in UInt8.random(in: 0...255, using: &generator) }
                    try writer.file("d\(number % 7)/f\(number)", bytes)
                }
                try writer.file("d\(number % 5)/s\(number)", Array("small \(number)".utf8))
            }
        }
        let layout = try SquashfsBlocks.layout(of: fixture.image)
        #expect(layout.blockSize == 128 << 10)
        let places = Set(layout.places).sorted()
        #expect(places.last == size)
        #expect(places.first.map { $0 < 110 } == true)
        // Every place but the tables' is the end of one block and the beginning of the next: it occurs twice.
        let counts = Dictionary(layout.places.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(places.dropFirst().dropLast(3).allSatisfy { (counts[$0] ?? 0) >= 2 })
    }

    @Test("what is damaged is refused or read, and never a trap", arguments: 0..<40)
    func damaged(_ seed: Int) throws {
        let fixture = try SquashfsFixture(damage: seed)
        _ = try? SquashfsBlocks.layout(of: fixture.image)
    }

    @Test("no squashfs is an error")
    func missing() throws {
        let fixture = try SquashfsFixture()
        #expect(throws: SquashfsError.self) { _ = try SquashfsBlocks.layout(of: fixture.image) }
        try Data(count: 4_096).write(to: URL(filePath: fixture.image.string))
        #expect(throws: SquashfsError.self) { _ = try SquashfsBlocks.layout(of: fixture.image) }
    }
}
