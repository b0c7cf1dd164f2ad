import Faults
import ImagePlanning
import SystemPackage
import Testing

@testable import TransactionPlanning

@Suite("Choosing a disk")
struct DiskChoiceTests {
    /// Made-up disks of a machine.
    static func disk(
        _ name: String, _ gigabytes: Int64, _ change: (inout DiskCandidate) -> Void = { _ in }
    )
        -> DiskCandidate
    {
        var disk = DiskCandidate(path: .init("/dev/\(name)"), size: gigabytes << 30)
        disk.serial = "S-\(name)"
        disk.wideName = "naa.5000\(name)"
        disk.identifiers = ["ata-D_S-\(name)", "wwn-0x5000\(name)"]
        disk.places = ["pci-\(name)"]
        change(&disk)
        return disk
    }

    static let disks = [
        disk("sda", 16), disk("sdb", 32), disk("sdc", 64),
        disk("sdd", 8) { $0.isRemovable = true }, disk("sde", 500) { $0.isMedium = true },
        disk("pmem0", 20) { $0.isMemory = true }, disk("mmcblk0boot0", 0) { $0.size = 4 << 20 },
    ]

    static func selection(_ change: (inout DiskSelection) -> Void) -> DiskSelection {
        var selection = DiskSelection()
        change(&selection)
        return selection
    }

    static let choices: [(words: String, selection: DiskSelection, disk: String?)] = [
        ("its serial number", selection { $0.serial = "S-sdb" }, "/dev/sdb"),
        ("another serial number", selection { $0.serial = "S-sd" }, nil),
        ("its by-id name", selection { $0.identifier = "ata-D_S-sdc" }, "/dev/sdc"),
        ("another by-id name", selection { $0.identifier = "ata-D" }, nil),
        ("its by-path name", selection { $0.place = "pci-sda" }, "/dev/sda"),
        ("another by-path name", selection { $0.place = "pci" }, nil),
        ("its wwn as the kernel writes it", selection { $0.wideName = "naa.5000sda" }, "/dev/sda"),
        ("its wwn as udev writes it", selection { $0.wideName = "0x5000SDA" }, "/dev/sda"),
        ("another wwn", selection { $0.wideName = "0x5000" }, nil),
        ("a size of one", selection { $0.size = DiskSizeRange("20G..40G") }, "/dev/sdb"),
        ("a size of two", selection { $0.size = DiskSizeRange("..40G") }, nil),
        (
            "the smallest, which is no memory, no stick and not too small", selection { $0.preference = .smallest },
            "/dev/sda"
        ),
        ("the largest, which is not the medium", selection { $0.preference = .largest }, "/dev/sdc"),
        (
            "the smallest of a size", selection { ($0.size, $0.preference) = (DiskSizeRange("20G.."), .smallest) },
            "/dev/sdb"
        ),
        ("two things of two disks", selection { ($0.serial, $0.place) = ("S-sda", "pci-sdb") }, nil),
        ("a stick by its serial number", selection { $0.serial = "S-sdd" }, nil),
        ("the medium by its serial number", selection { $0.serial = "S-sde" }, nil),
        ("memory by its name", selection { $0.identifier = "ata-D_S-pmem0" }, nil),
    ]

    @Test("exactly one disk is taken, or none", arguments: 0..<choices.count)
    func one(number: Int) {
        let (words, selection, disk) = Self.choices[number]
        let choice = DiskChoice(selection, among: Self.disks, DiskSizes())
        #expect(choice.disk?.path.string == disk, "\(words)")
        #expect(choice.lines.filter { $0.hasSuffix(": it is the one") }.count == (disk == nil ? 0 : 1), "\(words)")
        #expect(choice.lines.count == Self.disks.count)
    }

    @Test("the order in which disks appear changes nothing", arguments: 0..<choices.count)
    func order(number: Int) {
        let (_, selection, disk) = Self.choices[number]
        #expect(DiskChoice(selection, among: Self.disks.reversed(), DiskSizes()).disk?.path.string == disk)
    }

    @Test(
        "two of the same size are one too many, also for the smallest and the largest",
        arguments: [DiskSelection.Preference.smallest, .largest])
    func tie(preference: DiskSelection.Preference) {
        let disks = [Self.disk("vda", 16), Self.disk("vdb", 16)]
        let choice = DiskChoice(Self.selection { $0.preference = preference }, among: disks, DiskSizes())
        let refusal = #expect(throws: Refusal.self) { try choice.get("install.yaml") }
        #expect(refusal?.cause.hasPrefix("2 disks") == true && refusal?.kind == .impossible)
        #expect(choice.lines.allSatisfy { $0.hasSuffix("it is as the file says, and so is another one") })
    }

    @Test("each disk is told with its names and size, and why it was not taken")
    func lines() throws {
        let disks = Self.disks + [DiskCandidate(path: "/dev/vda", size: 16 << 30)]
        let choice = DiskChoice(Self.selection { $0.serial = "none" }, among: disks, DiskSizes())
        #expect(
            choice.lines.first
                == "/dev/sda, 16384 MiB, serial S-sda, by-id ata-D_S-sda, by-id wwn-0x5000sda: its serial number is not none"
        )
        #expect(
            choice.lines.last == "/dev/vda, 16384 MiB, no serial number, no by-id name: its serial number is not none")
        #expect(
            choice.lines[3].hasSuffix("it can be taken out") && choice.lines[4].hasSuffix("this system runs from it"))
        let refusal = #expect(throws: Refusal.self) { try choice.get("install.yaml") }
        #expect(refusal?.kind == .notFound && refusal?.cause == "it speaks of no disk of this machine")
        let nothing = DiskChoice(Self.selection { $0.serial = "x" }, among: [], DiskSizes())
        #expect(throws: Refusal.self) { try nothing.get("install.yaml") }
    }

    @Test("a disk that does not hold the partitions is not the one, whatever is said of it")
    func tooSmall() {
        var sizes = DiskSizes()
        sizes.state = 20 << 30
        let choice = DiskChoice(Self.selection { $0.serial = "S-sda" }, among: Self.disks, sizes)
        #expect(choice.disk == nil && choice.lines[0].hasSuffix("16384 MiB do not hold the partitions"))
    }

    @Test("a disk that is smaller than the defaults is taken only by a name of its own, or with sizes that it holds")
    func small() {
        let small = Self.disk("mmcblk0", 4)
        let named = Self.selection { $0.serial = "S-mmcblk0" }
        #expect(DiskChoice(named, among: [small], DiskSizes()).disk == small)
        for preference in [DiskSelection.Preference.smallest, nil] {
            let vague = Self.selection { $0.preference = preference }
            // The large one may be missing today.
            #expect(DiskChoice(vague, among: [small], DiskSizes()).disk == nil)
            #expect(DiskChoice(vague, among: [small, Self.disk("vdb", 64)], DiskSizes()).disk == Self.disk("vdb", 64))
            var sizes = DiskSizes()
            (sizes.recovery, sizes.state) = (1 << 30, 2 << 30)
            #expect(DiskChoice(vague, among: [small], sizes).disk == small)
        }
    }
}
