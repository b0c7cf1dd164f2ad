import DiskContract
import Faults
import Testing

@testable import ImagePlanning

@Suite("Partitions beside ours")
struct ExtraPartitionTests {
    @Test(
        "name, size, filesystem and type are read",
        arguments: [
            ("data=20G", "data", 20 << 30, .ext4, "0FC63DAF-8483-4772-8E79-3D69D8477DE4"),
            ("share=1G,vfat", "share", 1 << 30, .vfat, "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"),
            ("s-1_x=3M,none", "s-1_x", 3 << 20, .none, "0FC63DAF-8483-4772-8E79-3D69D8477DE4"),
            ("srv=1G,srv", "srv", 1 << 30, .ext4, "3B8F8425-20E0-4F3B-907F-1A25A76F98E8"),
            ("a=1G,vfat,home", "a", 1 << 30, .vfat, "933AC7E1-2EB4-4F13-B844-0E14E2AEF915"),
            (
                "b=1G,none,21686148-6449-6e6f-744e-656564454649", "b", 1 << 30, .none,
                "21686148-6449-6E6F-744E-656564454649"
            ),
        ] as [(String, String, Int64, ExtraPartition.Filesystem, String)])
    func read(text: String, name: String, size: Int64, filesystem: ExtraPartition.Filesystem, type: String) throws {
        let partition = try ExtraPartition(text)
        #expect(partition.name == name && partition.size == size)
        #expect(partition.filesystem == filesystem && partition.type == type)
        #expect(try ExtraPartition("\(partition)") == partition, "what it says of itself is read again")
        #expect(partition.label == (filesystem == .vfat ? name.uppercased() : name))
    }

    @Test(
        "anything else is refused, and the remedy shows how it is written",
        arguments: [
            "", "data", "data=", "data=0", "=1G", "data=1G,btrfs", "data=1G,ext4,linux,x", "data=1G,,", "da ta=1G",
            "d\u{e4}ta=1G", "seventeen-letters=1G", "twelveletter=1G,vfat", "a=1G,ext4,0FC63DAF", "a=1G,linux,ext4",
            "a=1G,0FC63DAF-8483-4772-8E79-3D69D8477DEG", "a/b=1G", "a\n=1G",
        ])
    func refused(text: String) {
        let error = #expect(throws: DiskLayoutError.self) { try ExtraPartition(text) }
        #expect(error?.kind == .extra && error?.remedy.contains("--partition data=20G") == true)
    }

    @Test("they lie before the persistent partition, which stays the last and takes the rest, and are aligned")
    func placed() throws {
        var sizes = DiskSizes()
        sizes.extra = [try ExtraPartition("data=1025K,none"), try ExtraPartition("share=1G,vfat")]
        sizes.disk = 16 << 30
        let layout = try DiskLayout(sizes)
        let (state, last) = (try #require(layout[.state]), try #require(layout.partitions.last))
        #expect(layout.extra.map(\.offset) == [state.offset + state.size, state.offset + state.size + (2 << 20)])
        #expect(layout.extra.map(\.size) == [2 << 20, 1 << 30])
        #expect(last.name == .persistent && last.offset == state.offset + state.size + (2 << 20) + (1 << 30))
        #expect(last.offset + last.size == layout.size - (1 << 20))
        #expect(layout.partitions.map(\.name) == Partition.allCases)
    }

    @Test(
        "a name that is taken, and a size that the filesystem does not fit, is refused",
        arguments: [["state=1G"], ["data=1G", "DATA=1G"], ["a=67M,vfat"], ["a=15M"], ["a=17T,none"]])
    func clash(texts: [String]) throws {
        var sizes = DiskSizes()
        sizes.extra = try texts.map { try ExtraPartition($0) }
        let error = #expect(throws: DiskLayoutError.self) { try DiskLayout(sizes) }
        #expect(error?.kind == .extra)
    }
}
