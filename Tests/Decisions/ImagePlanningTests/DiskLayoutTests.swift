import DiskContract
import Testing

@testable import ImagePlanning

@Suite("Disk layout")
struct DiskLayoutTests {
    private func sizes(_ change: (inout DiskSizes) -> Void) -> DiskSizes {
        var sizes = DiskSizes()
        change(&sizes)
        return sizes
    }

    @Test("the partitions come in the decided order, aligned and without gaps")
    func order() throws {
        let layout = try DiskLayout(sizes { $0.oem = (64 << 20) + 1 })
        #expect(layout.partitions.map(\.name) == Partition.allCases)
        #expect(layout.partitions.map(\.name.number) == Array(1...6))
        #expect(layout.partitions.first?.offset == 1 << 20)
        for (partition, next) in zip(layout.partitions, layout.partitions.dropFirst()) {
            #expect(partition.offset + partition.size == next.offset)
        }
        #expect(layout.partitions.allSatisfy { ($0.offset | $0.size) % DiskLayout.alignment == 0 })
        #expect(layout[.oem]?.size == 65 << 20)
    }

    @Test("without a size the disk is as large as its partitions, and room for the second table")
    func defaultSize() throws {
        let layout = try DiskLayout(DiskSizes())
        let last = try #require(layout.partitions.last)
        #expect(last.size == 1 << 30)
        #expect(layout.size == last.offset + last.size + (1 << 20))
    }

    @Test("sectors of 4,096 bytes need a larger boot partition, which holds 65,525 of them")
    func largeSectors() throws {
        let layout = try DiskLayout(sizes { $0.sectorSize = 4096 })
        #expect(layout.sectorSize == 4096 && layout[.boot]?.size == 288 << 20)
        #expect(Partition.boot.minimumSize(sectorSize: 4096) / 4096 > 65_525)
        #expect(Partition.state.minimumSize(sectorSize: 4096) == Partition.state.minimumSize)
        #expect(try DiskLayout(DiskSizes())[.boot]?.size == 128 << 20)
        #expect(throws: DiskLayoutError.self) {
            try DiskLayout(
                sizes {
                    $0.sectorSize = 4096
                    $0.boot = 128 << 20
                })
        }
    }

    @Test("an expandable disk ends behind recovery, and its partitions lie where those of a whole disk do")
    func expandable() throws {
        let whole = try DiskLayout(DiskSizes())
        let layout = try DiskLayout(sizes { $0.isExpandable = true })
        #expect(layout.partitions == Array(whole.partitions.prefix(4)) && layout.extra == [])
        let end = (1 + 1 + 128 + 64 + 2048) << 20 as Int64
        #expect(layout.size == end + (1 << 20))
        for size in [end + (1 << 20), end + (5 << 20) + 1] {
            let larger = try DiskLayout(
                sizes {
                    $0.isExpandable = true
                    $0.disk = size
                })
            #expect(larger.size == size / (1 << 20) * (1 << 20) && larger.partitions == layout.partitions)
        }
    }

    @Test("an expandable disk has nothing behind recovery, and is not smaller than its partitions")
    func expandableRefused() throws {
        let changes: [(inout DiskSizes) throws -> Void] = [
            { $0.persistent = 1 << 30 }, { $0.extra = [try ExtraPartition("data=1G")] },
            { $0.disk = (1 + 1 + 128 + 64 + 2048 + 1) << 20 - 1 },
        ]
        for change in changes {
            var sizes = DiskSizes()
            sizes.isExpandable = true
            try change(&sizes)
            #expect(throws: DiskLayoutError.self) { try DiskLayout(sizes) }
        }
    }

    @Test("with a size the persistent partition takes the rest")
    func rest() throws {
        let layout = try DiskLayout(sizes { $0.disk = 20 << 30 })
        #expect(layout.size == 20 << 30)
        let last = try #require(layout.partitions.last)
        #expect(last.offset + last.size == layout.size - (1 << 20))
    }

    @Test(
        "a size that does not work is refused",
        arguments: [
            DiskSizesCase("boot too small for FAT32") { $0.boot = 60 << 20 },
            DiskSizesCase("negative") { $0.state = -1 },
            DiskSizesCase("beyond the limit") { $0.persistent = .max },
            DiskSizesCase("a disk too small") { $0.disk = 10 << 30 },
            DiskSizesCase("a disk too large") { $0.disk = .max },
            DiskSizesCase("persistent larger than the rest") {
                $0.disk = 20 << 30
                $0.persistent = 15 << 30
            },
        ])
    func refused(test: DiskSizesCase) {
        #expect(throws: DiskLayoutError.self) { try DiskLayout(sizes(test.change)) }
    }

    @Test("files fit to the byte beside a fiftieth and 12 MiB")
    func exactSpace() throws {
        let size: Int64 = 256 << 20
        let largest = size - size / 50 - (12 << 20)
        #expect(throws: Never.self) { try DiskLayout.checkSpace(for: largest, in: size, on: .state) }
        #expect(throws: DiskLayoutError.self) { try DiskLayout.checkSpace(for: largest + 1, in: size, on: .state) }
    }

    @Test("a disk may be as large as 16 TiB, and as small as what is on it and 16 MiB")
    func exactDisk() throws {
        #expect(try DiskLayout(sizes { $0.disk = 16 << 40 }).size == 16 << 40)
        #expect(throws: DiskLayoutError.self) { try DiskLayout(sizes { $0.disk = (16 << 40) + 1 }) }
        let fixed: Int64 = (1 << 20) + (128 << 20) + (64 << 20) + (2 << 30) + (8 << 30)
        let smallest = fixed + (16 << 20) + (2 << 20)
        #expect(try DiskLayout(sizes { $0.disk = smallest })[.persistent]?.size == 16 << 20)
        #expect(throws: DiskLayoutError.self) { try DiskLayout(sizes { $0.disk = smallest - 1 }) }
    }

    @Test("files must fit beside what the filesystem needs")
    func space() throws {
        let layout = try DiskLayout(sizes { $0.recovery = 256 << 20 })
        #expect(throws: Never.self) { try layout.checkSpace(for: 200 << 20, on: .recovery) }
        #expect(throws: DiskLayoutError.self) { try layout.checkSpace(for: 250 << 20, on: .recovery) }
        #expect(throws: DiskLayoutError.self) { try layout.checkSpace(for: .max - 1, on: .recovery) }
    }
}

/// Sizes that are asked for.
struct DiskSizesCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var change: @Sendable (inout DiskSizes) -> Void

    init(_ description: String, _ change: @escaping @Sendable (inout DiskSizes) -> Void) {
        testDescription = description
        self.change = change
    }
}

@Suite("Disk identity")
struct DiskIdentityTests {
    private func all(_ identity: DiskIdentity) -> [String] {
        [identity.disk]
            + Partition.allCases.flatMap {
                [identity.partition($0), identity.filesystem($0), identity.directoryHash($0)]
            }
    }

    @Test("one text gives the same identifiers, another text others, and no two are alike")
    func distinct() {
        let (first, second) = (all(DiskIdentity(seed: "a")), all(DiskIdentity(seed: "b")))
        #expect(first == all(DiskIdentity(seed: "a")))
        #expect(Set(first + second).count == first.count * 2)
        #expect(DiskIdentity.random() != DiskIdentity.random())
    }

    @Test("identifiers have the form of a UUID")
    func form() {
        for text in all(DiskIdentity(seed: "x")) {
            #expect(text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            #expect(Array(text)[14] == "8" && "89ab".contains(Array(text)[19]))
        }
    }
}
