import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Filesystems

@Suite("Use of a device", .timeLimit(.minutes(10)))
struct DeviceUseTests {
    private static let nodes = [
        BlockNode(path: "/dev/vda", number: "254:0", holders: []),
        BlockNode(path: "/dev/vda2", number: "254:2", holders: ["dm-0"]),
    ]

    @Test("every kind of use is named")
    func reasons() throws {
        let line = "36 35 254:2 / /home rw,relatime shared:1 - ext4 /dev/vda2 rw"
        let use = DeviceUse(
            nodes: Self.nodes, mounts: MountEntry.parse(line), swaps: ["/dev/vda"], isHeld: true)
        #expect(
            use.reasons == [
                "/dev/vda is a swap area", "/dev/vda2 is mounted on /home", "/dev/vda2 is held by dm-0",
            ])
    }

    @Test("what the kernel alone knows counts too, and a free device has no reasons")
    func kernel() {
        let nodes = [Self.nodes[0]]
        #expect(DeviceUse(nodes: nodes, mounts: [], swaps: [], isHeld: true).reasons.count == 1)
        #expect(DeviceUse(nodes: nodes, mounts: [], swaps: [], isHeld: false).reasons == [])
    }

    @Test("partitions and holders are read from sysfs")
    func sysfs() throws {
        let root = FilePath("/tmp/lifeboot-sysfs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: root.string) }
        let disk = root.appending(FilePath("dev/block/8:0").components)
        for folder in ["holders", "sda1/holders/dm-3", "queue"] {
            try Folders.make(disk.appending(FilePath(folder).components))
        }
        for (name, text) in [
            ("uevent", "MAJOR=8\nDEVNAME=sda\n"), ("dev", "8:0\n"), ("sda1/uevent", "DEVNAME=sda1\n"),
            ("sda1/dev", "8:1\n"), ("sda1/partition", "1\n"),
        ] {
            try AtomicFile.write(Array(text.utf8), to: disk.appending(FilePath(name).components))
        }
        #expect(
            try BlockNode.all(major: 8, minor: 0, root: root) == [
                BlockNode(path: "/dev/sda", number: "8:0", holders: []),
                BlockNode(path: "/dev/sda1", number: "8:1", holders: ["dm-3"]),
            ])
    }

    @Test("what is no block device cannot be judged", arguments: ["/nonexistent", "/tmp"])
    func unknown(path: String) {
        #expect(throws: FilesystemError.self) { try DeviceUse.of(FilePath(path)) }
    }

    @Test("the ends of a device are wiped, never more than there is")
    func wipe() throws {
        let file = try PartitionFile(megabytes: 20, filledWith: 0xFF)
        try SignatureWipe.run(file.path)
        let bytes = try FileBytes.read(file.path, limit: 32 << 20)
        #expect(bytes.count == 20 << 20)
        #expect(bytes[..<(16 << 20)].allSatisfy { $0 == 0 } && bytes[(19 << 20)...].allSatisfy { $0 == 0 })
        #expect(bytes[(16 << 20)..<(19 << 20)].allSatisfy { $0 == 0xFF })
        #expect(SignatureWipe.ranges(100) == [0..<100])
        #expect(SignatureWipe.ranges(0) == [])
    }
}
