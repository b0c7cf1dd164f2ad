import JSONText
import SystemPackage
import Testing

@testable import TransactionPlanning

@Suite("Media of a disk")
struct MediumChoiceTests {
    private static func device(
        _ name: String, _ filesystem: String? = nil, megabytes: Int64? = 4096, problem: String? = nil
    ) -> SeenDevice {
        var device = SeenDevice(FilePath("/dev/\(name)"))
        (device.filesystem, device.bytes, device.problem) = (filesystem, megabytes.map { $0 << 20 }, problem)
        return device
    }

    private static func media(_ disk: SeenDevice, _ partitions: [SeenDevice] = []) -> [String] {
        MediumChoice.media(disk, partitions).map { device, verdict in
            switch verdict {
            case .look(let filesystem): "\(device.path) \(filesystem.type)"
            case .tell(let problem): "\(device.path): \(problem)"
            }
        }
    }

    @Test(
        "partitions are looked into; what boot loaders leave between them, and parts of something larger, are not told")
    func partitions() {
        let parts = [
            Self.device("sda1", megabytes: 1), Self.device("sda2", "vfat"), Self.device("sda3", "swap"),
            Self.device("sda4", "LVM2_member"), Self.device("sda5", "ext4"),
        ]
        #expect(Self.media(Self.device("sda"), parts) == ["/dev/sda2 vfat", "/dev/sda5 ext4"])
    }

    @Test("a disk with a filesystem of its own is one medium, whatever its table says")
    func whole() {
        #expect(
            Self.media(Self.device("sda", "iso9660"), [Self.device("sda1", "iso9660"), Self.device("sda2", "vfat")])
                == ["/dev/sda iso9660"])
    }

    @Test("what cannot be looked into is told, with why")
    func told() {
        #expect(
            Self.media(Self.device("sda")) == ["/dev/sda: no filesystem was found on it; it may be damaged, or empty"])
        let parts = [
            Self.device("sdb1", megabytes: 16), Self.device("sdb2", "crypto_LUKS"), Self.device("sdb3", "jfs"),
            Self.device("sdb4", "vfat", problem: "cannot be read"), Self.device("sdb5", megabytes: nil),
        ]
        #expect(
            Self.media(Self.device("sdb"), parts) == [
                "/dev/sdb1: no filesystem was found on it; it may be damaged, or empty", "/dev/sdb2: it is encrypted",
                "/dev/sdb3: its filesystem jfs is not read", "/dev/sdb4: cannot be read",
                "/dev/sdb5: no filesystem was found on it; it may be damaged, or empty",
            ])
    }

    @Test(
        "nothing on a medium is changed by a mount that only reads, not even by a journal",
        arguments: [("ext4", "noload"), ("ext3", "noload"), ("xfs", "norecovery"), ("btrfs", "rescue=nologreplay")])
    func options(name: String, option: String) throws {
        let filesystem = try #require(MediumFilesystem(probed: name))
        #expect(filesystem.options == ["ro", "nosuid", "nodev", "noexec", option])
        #expect(MediumFilesystem(probed: "ntfs")?.type == "ntfs3")
    }

    @Test("a report comes back from another process as it was")
    func report() {
        var report = MediumReport(Self.device("sda1", "vfat"), problem: "odd")
        report.device.label = "A \"stick\""
        report.folder = "/run/x"
        var source = MediumReport.Source("dir:/run/x/images/0123456789abcdef")
        (source.title, source.image, source.isTrusted) = ("acme 1", "0123456789abcdef", true)
        var other = MediumReport.Source("iso:/run/x/a.iso")
        other.problem = "no"
        report.sources = [source, other]
        #expect(MediumReport(report.json) == report)
        #expect(MediumReport(MediumReport(SeenDevice("/dev/sda")).json) == MediumReport(SeenDevice("/dev/sda")))
        #expect(MediumReport(["label": "x"]) == nil)
    }
}
