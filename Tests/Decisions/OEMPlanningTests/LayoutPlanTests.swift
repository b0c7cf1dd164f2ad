import OEMModel
import Testing

@testable import OEMPlanning

@Suite("A layout of partitions")
struct LayoutPlanTests {
    private static let added =
        "add_partitions: [{fsLabel: A, size: 10, filesystem: ext4}, {pLabel: b, size: 0, filesystem: none}]"

    private static func plan(_ layout: String, _ change: (inout LayoutFacts) -> Void = { _ in }) throws -> LayoutPlan {
        let facts = StageFacts.made("boot", ("/a", "stages: {boot: [{layout: {\(layout)}}]}"))
        let layout = try #require(facts.documents[0].file.steps(of: "boot").first?.layout)
        var disk = LayoutFacts(disk: "/dev/x", isBooted: false, sectorSize: 512, size: 100 << 20, content: .nothing)
        change(&disk)
        return try LayoutPlan(layout, disk)
    }

    private static func refusal(_ layout: String, _ change: (inout LayoutFacts) -> Void = { _ in }) -> String {
        do { _ = try plan(layout, change) } catch { return "\(error)" }
        return ""
    }

    @Test("makes all partitions of an empty disk, by whole MiB, and leaves the last MiB to the table's copy")
    func new() throws {
        let plan = try Self.plan("device: {path: /dev/x, init_disk: true}, \(Self.added)")
        let places = try #require(plan.table)
        #expect(places.map(\.start) == [2048, 11 * 2048] && places.map(\.sectors) == [10 * 2048, 88 * 2048])
        #expect(places.map(\.partition.tableName) == ["A", "b"])
        #expect(plan.formatted.map(\.number) == [1] && !plan.growsPersistent)
        let large = try Self.plan("device: {path: /dev/x, init_disk: true}, \(Self.added)") { $0.sectorSize = 4096 }
        #expect(large.table?.map(\.start) == [256, 11 * 256])
    }

    @Test("changes nothing of a table that is there, and formats what a cut has left")
    func existing() throws {
        let entries: [LayoutFacts.Entry] = [
            .init(name: "else", label: "A", content: "ext4"), .init(name: "b", label: nil, content: nil),
        ]
        let layout = "device: {path: /dev/x, init_disk: true}, \(Self.added)"
        var plan = try Self.plan(layout) { $0.content = .table(entries) }
        #expect(plan.table == nil && plan.formatted.isEmpty)
        plan = try Self.plan(layout) { $0.content = .table([.init(name: "A", label: nil, content: nil), entries[1]]) }
        #expect(plan.table == nil && plan.formatted.map(\.number) == [1])
        plan = try Self.plan(Self.added) {
            $0.content = .table([.init(name: "A", label: nil, content: nil), entries[1]])
        }
        #expect(plan.formatted.isEmpty)
    }

    @Test("lets the booted disk grow, and makes no partition on it")
    func booted() throws {
        let table = LayoutFacts.Content.table([.init(name: "persistent", label: "LB_PERSISTENT", content: "ext4")])
        let growing = "device: {label: LB_PERSISTENT}, expand_partition: {size: 0}"
        let plan = try Self.plan(growing) { ($0.isBooted, $0.content) = (true, table) }
        #expect(plan.growsPersistent && plan.table == nil)
        let there = "device: {label: x}, add_partitions: [{fsLabel: COS_PERSISTENT, pLabel: persistent}]"
        let nothing = try Self.plan(there) { ($0.isBooted, $0.content) = (true, table) }
        #expect(nothing.table == nil && nothing.formatted.isEmpty && !nothing.growsPersistent)
        let refused = Self.refusal("device: {label: x, init_disk: true}, \(Self.added)") {
            ($0.isBooted, $0.content) = (true, table)
        }
        #expect(refused.contains("lifeboot reset"))
    }

    @Test(
        "is refused where it is not safe, or not clear",
        arguments: [
            ("\(added)", LayoutFacts.Content.nothing, "init_disk: true"),
            ("device: {init_disk: true}, \(added)", .table([]), "without any signature"),
            ("device: {init_disk: true}, \(added)", .other("xfs"), "it has xfs"),
            ("expand_partition: {size: 0}", .table([]), "of the disk that was booted grows"),
            ("device: {init_disk: true}, add_partitions: [{size: 5}]", .nothing, "neither 'pLabel'"),
            (
                "device: {init_disk: true}, add_partitions: [{pLabel: a}, {pLabel: b}]", .nothing,
                "Give the others a size"
            ),
            ("device: {init_disk: true}, add_partitions: [{pLabel: a, size: 99}]", .nothing, "99 MiB and 98 are left"),
        ])
    func refused(layout: String, content: LayoutFacts.Content, words: String) {
        let said = Self.refusal(layout) { $0.content = content }
        #expect(said.contains(words), "\(said)")
    }

    @Test("is refused on a disk that is in use")
    func used() {
        let said = Self.refusal("device: {init_disk: true}, \(Self.added)") { $0.uses = ["/dev/x is mounted on /y"] }
        #expect(said.contains("mounted on /y"))
    }

    @Test(
        "gives each filesystem its program and its type",
        arguments: [
            ("ext4", "mkfs.ext4 -q -F -L l", "0FC6"), ("btrfs", "mkfs.btrfs -q -L l", "0FC6"),
            ("fat16", "mkfs.vfat -F 16 -n l", "EBD0"), ("swap", "mkswap -L l", "0657"), ("'-'", "", "0FC6"),
        ])
    func filesystems(name: String, command: String, type: String) throws {
        let layout = "device: {init_disk: true}, add_partitions: [{fsLabel: l, filesystem: \(name)}]"
        let partition = try #require(try Self.plan(layout).table?.first?.partition)
        #expect(partition.filesystem.command(label: "l").joined(separator: " ") == command)
        #expect(partition.typeIdentifier.hasPrefix(type))
    }
}
