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

    @Test(
        "of a known disk state has at most half and recovery an eighth, of what others leave, unless more is needed",
        arguments: [
            (disk: 16 << 30, others: 0, image: 0, recovery: 2 << 30, state: 8 << 30),
            ((16 << 30) - 1, 0, 0, 1_984 << 20, 7_936 << 20), (8 << 30, 0, 0, 1 << 30, 4 << 30),
            (16 << 30, 8 << 30, 0, 1 << 30, 4 << 30), (8 << 30, 0, 2 << 30, 5_248 << 20, 7_872 << 20),
            (8 << 30, .max, 0, 64 << 20, 64 << 20), (0, 0, 0, 64 << 20, 64 << 20),
            (1 << 62, 0, 0, 2 << 30, 8 << 30),
        ] as [(disk: Int64, others: Int64, image: Int64, recovery: Int64, state: Int64)])
    func shares(disk: Int64, others: Int64, image: Int64, recovery: Int64, state: Int64) {
        var asked = DiskSizes()
        asked.disk = disk
        asked.persistent = others == 0 ? nil : others
        let sizes = DiskContent(oem: 0, recovery: image, image: image).sizes(asked)
        #expect(sizes.recovery == recovery && sizes.state == state && sizes.persistent == asked.persistent)
    }

    @Test("partitions beside ours leave less of the disk")
    func extra() throws {
        var asked = DiskSizes()
        (asked.disk, asked.extra) = (16 << 30, [try ExtraPartition("a=3G"), try ExtraPartition("b=5G")])
        let sizes = DiskContent(oem: 0, recovery: 0, image: 0).sizes(asked)
        #expect(sizes.recovery == 1 << 30 && sizes.state == 4 << 30)
    }

    @Test("an image that no disk holds is no larger than the largest disk")
    func bounded() {
        let sizes = DiskContent(oem: .max, recovery: .max, image: .max).sizes(DiskSizes())
        #expect(throws: DiskLayoutError.self) { try DiskLayout(sizes) }
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
