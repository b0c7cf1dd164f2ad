import DocumentTree
import ImageModel
import ImagePlanning
import JSONText
import Testing
import YAMLDocuments

@testable import TransactionPlanning

@Suite("install.yaml")
struct InstallFileTests {
    static func read(_ text: String) throws -> InstallFile {
        try InstallFile(try #require(try YAMLDocument.parse(Array(text.utf8))))
    }

    @Test("a file that only names a disk gets everything else from the defaults, and does no harm")
    func defaults() throws {
        let file = try Self.read("disk: {serial: X1}\n")
        #expect(file.disk.serial == "X1" && file.image == nil && file.sizes == DiskSizes())
        #expect(file.encryption == .none && !file.isForced)
        #expect(file.ending == .poweroff && file.endingWhenInstalled == .poweroff)
    }

    @Test("every key is read")
    func all() throws {
        let file = try Self.read(
            """
            disk:
              by-id: /dev/disk/by-id/ata-A_1
              by-path: pci-0000:00:1f.2-ata-1
              serial: 0042
              wwn: 0x5000c500a1b2c3d4
              size: 100G..2T
              choose: largest
            image: 0123456789abcdef
            sizes: {boot: 300M, oem: 65M, recovery: 3G, state: 9G, persistent: 10G}
            encryption: passphrase
            force: true
            after: reboot
            when-installed: nothing
            """)
        #expect(file.disk.identifier == "ata-A_1" && file.disk.place == "pci-0000:00:1f.2-ata-1")
        #expect(file.disk.serial == "0042" && file.disk.wideName == "0x5000c500a1b2c3d4")
        #expect(file.disk.size?.text == "100G..2T" && file.disk.preference == .largest)
        #expect(file.image?.description == "0123456789abcdef")
        let sizes: [Int64?] = [
            file.sizes.boot, file.sizes.oem, file.sizes.recovery, file.sizes.state, file.sizes.persistent,
        ]
        let expected: [Int64?] = [300 << 20, 65 << 20, 3 << 30, 9 << 30, 10 << 30]
        #expect(sizes == expected)
        #expect(file.encryption == .passphrase && file.isForced)
        #expect(file.ending == .reboot && file.endingWhenInstalled == .nothing)
        #expect(try Self.read("disk: {serial: X}\nsizes: {persistent: rest}\n").sizes.persistent == nil)
    }

    @Test(
        "what cannot be meant is refused, and the message says why",
        arguments: [
            ("after: reboot\n", "the installation needs disk"), ("disk:\n", "the installation needs disk"),
            ("disk: {}\n", "does not say which disk"), ("disk: {by-id: sda}\n", "differ between two starts"),
            ("disk: {by-id: -1}\n", "must be a name in"), ("disk: {by-path: pci-}\n", "must be a name in"),
            ("disk: {by-id: /dev/sda}\n", "differ between two starts"),
            ("disk: {by-path: /dev/disk/by-id/x}\n", "must be a name in /dev/disk/by-path"),
            ("disk: {by-id: /dev/disk/by-id/}\n", "must be a name in /dev/disk/by-id"),
            ("disk: {choose: first}\n", "smallest or largest"), ("disk: {seral: X}\n", "did you mean 'serial'"),
            ("disk: {serial: X}\ndisc: x\n", "did you mean 'disk'"),
            ("disk: {serial: X}\nimage: sha256\n", "the id of an image"),
            ("disk: {serial: X}\nsizes: {state: 8GB}\n", "such as 8G"),
            ("disk: {serial: X}\nsizes: {state: 1M}\n", "the state partition"),
            ("disk: {serial: X}\nafter: halt\n", "reboot or poweroff or nothing"),
            ("disk: {size: 2T..1T}\n", "must be a range"), ("disk: {size: ..}\n", "must be a range"),
            ("disk: {size: 100G}\n", "must be a range"), ("disk: {size: 1G.2G}\n", "must be a range"),
        ])
    func refused(text: String, words: String) {
        let error = #expect(throws: DocumentError.self) { try Self.read(text) }
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "-")")
    }

    @Test(
        "a range has both its ends, and one of them may be left out",
        arguments: [("1G..2G", [1, 2]), ("2G..", [2, 3]), ("..2G", [0, 1, 2]), ("2G..2G", [2])])
    func range(text: String, gigabytes: [Int64]) throws {
        let range = try #require(DiskSizeRange(text))
        #expect((0...3).filter { range.contains($0 << 30) } == gigabytes)
        #expect(!range.contains((1 << 30) - 1) || text.hasPrefix(".."))
    }
}
