import DiskContract
import ImageModel
import SystemPackage
import Testing

@Suite("Stores and partitions")
struct StoreTests {
    @Test(
        "each role's image lies on one store",
        arguments: [(Role.active, Store.state), (.passive, .state), (.recovery, .recovery)])
    func roles(_ role: Role, _ store: Store) {
        #expect(Store(of: role) == store)
        #expect(store.roles.contains(role))
        #expect(!store.other.roles.contains(role))
    }

    @Test("a store is the partition of its name, and is mounted where the initramfs stage says")
    func places() {
        for store in Store.allCases {
            #expect(store.partition.rawValue == "\(store)")
            #expect(MachinePaths.mountPoint(of: store) == FilePath("/run/lifeboot/\(store)"))
        }
        #expect(MachinePaths.persistentKey == "/oem/lifeboot/persistent.key")
    }

    @Test("partitions have the labels and numbers that GRUB and older disks know")
    func partitions() {
        let expected: [(Partition, String, Int)] = [
            (.bios, "LB_BIOS", 1), (.boot, "LB_BOOT", 2), (.oem, "LB_OEM", 3), (.recovery, "LB_RECOVERY", 4),
            (.state, "LB_STATE", 5), (.persistent, "LB_PERSISTENT", 6),
        ]
        #expect(Partition.allCases.map(\.number) == expected.map(\.2))
        for (partition, label, number) in expected {
            #expect(partition.label == label)
            #expect(partition.number == number)
        }
    }

    @Test("names on the partitions are those of docs/on-disk-layout.md")
    func names() throws {
        let id = try #require(ImageID("0123456789abcdef"))
        let digest = try #require(Digest(bytes: [UInt8](repeating: 0xAB, count: 32)))
        #expect(DiskFiles.image(id) == "images/0123456789abcdef")
        #expect(DiskFiles.staging(for: digest) == ".staging-abababababababab")
        #expect(DiskFiles.removed("0123456789abcdef") == ".staging-removed-0123456789abcdef")
        #expect(DiskFiles.bootEnvironment == "lifeboot/boot.env")
        #expect(DiskFiles.bootEnvironmentBackup == "lifeboot/boot.bak")
        #expect(DiskFiles.historySize == 65_536)
    }
}
