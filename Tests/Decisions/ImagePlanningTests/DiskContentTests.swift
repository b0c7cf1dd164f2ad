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

    /// The sizes for a disk, all in MiB; zero is what nobody asked for.
    private static func sizes(
        disk: Int64, image: Int64, recovery: Int64 = 0, state: Int64 = 0, persistent: Int64 = 0, oem: Int64 = 0
    ) -> (recovery: Int64?, state: Int64?, oem: Int64?, fits: Bool) {
        var asked = DiskSizes()
        let bytes = { (size: Int64) in size == 0 ? nil : size << 20 }
        asked.disk = disk << 20
        (asked.recovery, asked.state, asked.persistent) = (bytes(recovery), bytes(state), bytes(persistent))
        let sizes = DiskContent(oem: oem << 20, recovery: image << 20, image: image << 20).sizes(asked)
        let inMiB = { (size: Int64?) in size.map { $0 >> 20 } }
        return (
            inMiB(sizes.recovery), inMiB(sizes.state), inMiB(sizes.oem), (try? DiskLayout(sizes)) != nil
        )
    }

    @Test(
        "of a known disk state has at most half and recovery an eighth, or what the images need",
        arguments: [
            (disk: 16_384, image: 100, recovery: 2_048, state: 8_192), (16_383, 100, 1_984, 8_128),
            (8_192, 100, 1_024, 4_096), (1_100, 100, 320, 512), (1_010, 100, 320, 448), (800, 100, 128, 384),
            // Room for later images where there is, else for these; then what an installation needs.
            (65_536, 2_000, 5_120, 8_192), (12_288, 1_900, 1_984, 6_144), (8_192, 2_000, 2_112, 4_096),
        ] as [(disk: Int64, image: Int64, recovery: Int64, state: Int64)])
    func shares(disk: Int64, image: Int64, recovery: Int64, state: Int64) {
        let sizes = Self.sizes(disk: disk, image: image)
        #expect(sizes.recovery == recovery && sizes.state == state && sizes.fits, "\(sizes)")
    }

    @Test("sizes that were asked for leave the rest to the others, which take no more than the defaults of it")
    func asked() {
        let roomy = Self.sizes(disk: 32_768, image: 100, persistent: 21 << 10)
        #expect(roomy.recovery == 2_048 && roomy.state == 8_192 && roomy.fits, "\(roomy)")
        let large = Self.sizes(disk: 32_768, image: 1_900, persistent: 21 << 10)
        #expect(large.fits && large.state ?? 0 >= 3_800, "\(large)")
        let recovery = Self.sizes(disk: 8_192, image: 100, recovery: 5 << 10)
        #expect(recovery.recovery == 5 << 10 && recovery.state == 1_728 && recovery.fits, "\(recovery)")
        let state = Self.sizes(disk: 12_288, image: 1_600, state: 8 << 10)
        #expect(state.state == 8 << 10 && state.fits && state.recovery ?? 0 >= 1_600, "\(state)")
        let oem = Self.sizes(disk: 8_192, image: 100, oem: 1_600)
        #expect(oem.fits && oem.oem ?? 0 >= 1_600, "\(oem)")
        let small = Self.sizes(disk: 4_096, image: 100, oem: 1_600)
        #expect(small.fits && small.recovery == 128 && small.state == 256, "\(small)")
    }

    @Test("what no disk holds is refused, and nothing traps", arguments: [0, 1, 600, 1 << 43] as [Int64])
    func impossible(disk: Int64) {
        #expect(!Self.sizes(disk: disk, image: 1 << 42).fits)
        #expect(!Self.sizes(disk: disk, image: 0, persistent: (1 << 43) - 1).fits)
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
