import DiskContract
import Faults
import Testing

@testable import ImagePlanning

@Suite("Sizes from what a disk holds")
struct DiskContentTests {
    @Test("small content has the defaults, and what was asked for counts")
    func defaults() throws {
        let sizes = DiskContent(oem: 1 << 20, recovery: 100 << 20, image: 100 << 20).sizes(DiskSizes())
        #expect(try DiskLayout(sizes) == DiskLayout(DiskSizes()))
        var asked = DiskSizes()
        (asked.oem, asked.recovery, asked.state) = (16 << 20, 64 << 20, 96 << 20)
        #expect(DiskContent(oem: 1 << 30, recovery: 8 << 30, image: 8 << 30).sizes(asked) == asked)
    }

    @Test("larger content makes larger partitions: recovery holds two images, state three, each a quarter larger")
    func large() throws {
        let sizes = DiskContent(oem: 100 << 20, recovery: 3 << 30, image: 4 << 30).sizes(DiskSizes())
        let layout = try DiskLayout(sizes)
        #expect(throws: Never.self) {
            try layout.checkSpace(for: 200 << 20, on: .oem)
            try layout.checkSpace(for: (3 << 30) / 4 * 10, on: .recovery)
            try layout.checkSpace(for: (4 << 30) / 4 * 15, on: .state)
        }
        #expect(sizes.oem == 256 << 20 && sizes.recovery == 7872 << 20 && sizes.state == 15744 << 20)
    }

    @Test("recovery of an expandable disk has room for its image and a quarter, unless it was given a size")
    func expandable() {
        var asked = DiskSizes()
        asked.isExpandable = true
        let content = DiskContent(oem: 1 << 20, recovery: 100 << 20, image: 100 << 20)
        #expect(content.sizes(asked).recovery == 192 << 20 && content.sizes(asked).oem == 64 << 20)
        asked.recovery = 1 << 30
        #expect(content.sizes(asked).recovery == 1 << 30)
    }

    @Test(
        "a partition for so many bytes holds them, and would not be 64 MiB smaller",
        arguments: [0, 1, 1 << 26, 3 << 31] as [Int64])
    func exact(bytes: Int64) {
        let size = DiskContent.partition(for: bytes)
        #expect(throws: Never.self) { try DiskLayout.checkSpace(for: bytes, in: size, on: .state) }
        #expect(throws: DiskLayoutError.self) {
            try DiskLayout.checkSpace(for: bytes, in: size - (64 << 20) - 1, on: .state)
        }
    }
}
