import Plans
import Testing

@testable import TransactionPlanning

@Suite("Grow plan")
struct GrowPlanTests {
    static let sector: Int64 = 512
    static let mebibyte: Int64 = 1 << 20

    /// A table of 1 GiB, of which the last 512 MiB but one are persistent, on a disk of a size in MiB.
    static func facts(disk: Int64, _ change: (inout GrowFacts) -> Void = { _ in }) -> GrowFacts {
        let start = 512 * mebibyte / sector
        let length = 511 * mebibyte / sector
        var facts = GrowFacts(
            disk: "/dev/vda", sectorSize: sector, diskSectors: disk * mebibyte / sector, isGPT: true,
            entries: [
                .init(number: 5, name: "state", start: 2048, sectors: start - 2048),
                .init(number: 6, name: "persistent", start: start, sectors: length),
            ], persistent: 6, kernelSectors: length, content: .ext4(size: 511 * mebibyte))
        change(&facts)
        return facts
    }

    static func actions(_ facts: GrowFacts) throws -> [GrowAction] {
        try GrowPlan.plan(facts).steps.map(\.action)
    }

    /// Sectors of the persistent partition on a disk of 4 GiB.
    static let grown = (4096 - 512 - 1) * mebibyte / sector

    @Test("a disk that is no larger, or hardly, is left alone", arguments: [1024, 1030] as [Int64])
    func nothing(disk: Int64) throws { #expect(try Self.actions(Self.facts(disk: disk)).isEmpty) }

    @Test("16 MiB are worth a write, less is not", arguments: [(16, true), (15, false)] as [(Int64, Bool)])
    func least(more: Int64, isWorth: Bool) throws {
        #expect(try Self.actions(Self.facts(disk: 1024 + more)).isEmpty == !isWorth)
        let whole = Self.facts(disk: 1024)
        var facts = whole
        facts.content = .ext4(size: (511 - more) * Self.mebibyte)
        #expect(try Self.actions(facts) == (isWorth ? [.growFilesystem] : []))
        let (header, room) = (16 * Self.mebibyte, 495 * Self.mebibyte)
        let less = room - more * Self.mebibyte
        facts.content = .encrypted(name: "x", offset: header, volume: less, size: room)
        #expect(try Self.actions(facts) == (isWorth ? [.growVolume(name: "x")] : []))
        facts.content = .encrypted(name: "x", offset: header, volume: room, size: less)
        #expect(try Self.actions(facts) == (isWorth ? [.growFilesystem] : []))
    }

    @Test("no partition grows beyond 16 TiB, which is what ext4 holds as it is made here")
    func largest() throws {
        let sectors = ((16 << 20) - 512 - 1) * Self.mebibyte / Self.sector
        #expect(try Self.actions(Self.facts(disk: 20 << 20)).first == .writeTable(partition: 6, sectors: sectors))
    }

    @Test("table, kernel and filesystem grow in this order")
    func all() throws {
        #expect(
            try Self.actions(Self.facts(disk: 4096)) == [
                .writeTable(partition: 6, sectors: Self.grown), .tellKernel(partition: 6, sectors: Self.grown),
                .growFilesystem,
            ])
    }

    @Test("after a cut the steps that are left are done")
    func resumed() throws {
        var facts = Self.facts(disk: 4096) { $0.entries[1].sectors = Self.grown }
        #expect(try Self.actions(facts) == [.tellKernel(partition: 6, sectors: Self.grown), .growFilesystem])
        facts.kernelSectors = Self.grown
        #expect(try Self.actions(facts) == [.growFilesystem])
        facts.content = .ext4(size: Self.grown * Self.sector)
        #expect(try Self.actions(facts).isEmpty)
    }

    @Test("an encrypted volume grows between partition and filesystem")
    func encrypted() throws {
        let header = 16 * Self.mebibyte
        var facts = Self.facts(disk: 4096) {
            let size = 511 * Self.mebibyte - header
            $0.content = .encrypted(name: "x", offset: header, volume: size, size: size)
        }
        #expect(try Self.actions(facts).suffix(2) == [.growVolume(name: "x"), .growFilesystem])
        (facts.entries[1].sectors, facts.kernelSectors) = (Self.grown, Self.grown)
        let size = Self.grown * Self.sector - header
        facts.content = .encrypted(name: "x", offset: header, volume: size, size: size)
        #expect(try Self.actions(facts).isEmpty)
    }

    @Test(
        "whatever is odd is refused",
        arguments: [
            { $0.isGPT = false }, { $0.entries[1].name = "data" }, { $0.entries.removeLast() },
            { $0.entries.append(.init(number: 7, name: "more", start: $0.diskSectors - 4096, sectors: 8)) },
            { $0.entries[1].sectors = .max }, { $0.kernelSectors += 1 }, { $0.diskSectors = 2048 },
            { $0.sectorSize = 0 }, { $0.content = .other("a btrfs filesystem") },
        ] as [@Sendable (inout GrowFacts) -> Void])
    func odd(change: @Sendable (inout GrowFacts) -> Void) {
        #expect(throws: GrowRefusal.self) { try GrowPlan.plan(Self.facts(disk: 4096, change)) }
    }
}
