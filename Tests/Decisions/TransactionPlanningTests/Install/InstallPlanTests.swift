import DiskContract
import Faults
import ImagePlanning
import Plans
import ReleaseModel
import SystemPackage
import Testing

@testable import TransactionPlanning

@Suite("Install plan")
struct InstallPlanTests {
    static let image = PlannedImage(
        source: "/run/live/image", id: id("c"), title: "demo 1.0", size: 300 << 20,
        staging: ".staging-cccccccccccccccc")

    static func facts(_ change: (inout InstallFacts) -> Void = { _ in }) -> InstallFacts {
        var facts = InstallFacts(size: 16 << 30, image: image)
        change(&facts)
        return facts
    }

    static func request(_ change: (inout InstallRequest) -> Void = { _ in }) -> InstallRequest {
        var request = InstallRequest(disk: "/dev/vda", partitions: .new(DiskSizes()))
        change(&request)
        return request
    }

    static let prepared = Partition.allCases.map { name in
        FoundPartition(
            path: FilePath("/dev/vda\(name.number)"), name: name.rawValue, label: nil,
            size: max(1 << 30, name.minimumSize), number: name.number)
    }

    @Test("plans are as they are kept")
    func golden() throws {
        try PlanFile.check(try InstallPlan.make(Self.request(), Self.facts()), "install")
        let encrypted = Self.request {
            $0.partitions = .prepared
            $0.protection = .passphrase
            $0.oemFiles = "/run/oem"
        }
        let facts = Self.facts {
            $0.partitions = Self.prepared
            $0.isKeyGiven = true
        }
        try PlanFile.check(try InstallPlan.make(encrypted, facts), "install-prepared-encrypted")
    }

    @Test(
        "a remedy is in the words of whoever asks: options of a command, or keys of install.yaml",
        arguments: [
            (InstallWords.options, "Add --force ", "--sizes state=SIZE.", "--passphrase-file"),
            (.file, "Add force: true in install.yaml ", "sizes: {state: SIZE} in install.yaml.", "install.passphrase"),
        ])
    func words(_ words: InstallWords, force: String, size: String, key: String) {
        let request = Self.request { $0.words = words }
        let holds = Self.facts {
            $0.partitions = [
                FoundPartition(path: "/dev/vda2", name: "boot", label: "LB_BOOT", size: 1 << 30, number: 2)
            ]
        }
        let held = #expect(throws: Refusal.self) { try InstallPlan.make(request, holds) }
        #expect(held?.remedy.hasPrefix(force) == true, "\(held?.remedy ?? "-")")
        let large = Self.facts { $0.image.size = 20 << 30 }
        var roomy = request
        roomy.partitions = .new(Self.recoverable)
        let full = #expect(throws: Refusal.self) { try InstallPlan.make(roomy, Self.facts(large, disk: 64 << 30)) }
        #expect(full?.remedy.hasSuffix(size) == true, "\(full?.remedy ?? "-")")
        var locked = request
        locked.protection = .passphrase
        let keyless = #expect(throws: Refusal.self) { try InstallPlan.make(locked, Self.facts()) }
        #expect(keyless?.remedy.contains(key) == true, "\(keyless?.remedy ?? "-")")
    }

    /// Sizes with a recovery partition that holds anything.
    private static let recoverable = {
        var sizes = DiskSizes()
        (sizes.recovery, sizes.state) = (40 << 30, 8 << 30)
        return sizes
    }()

    private static func facts(_ facts: InstallFacts, disk size: Int64) -> InstallFacts {
        var facts = facts
        facts.size = size
        return facts
    }

    @Test("a disk in use is refused, whatever is forced", arguments: [false, true])
    func inUse(isForced: Bool) {
        let request = Self.request { $0.isForced = isForced }
        for facts in [
            Self.facts { $0.uses = ["/dev/vda1 is mounted on /mnt"] }, Self.facts { $0.isRunning = true },
        ] {
            let refusal = #expect(throws: Refusal.self) { try InstallPlan.make(request, facts) }
            #expect(refusal?.kind == .diskInUse)
        }
    }

    @Test(
        "a disk that holds an installation is refused unless forced",
        arguments: [(Partition.boot, "LB_BOOT"), (.state, "LB_STATE")])
    func installation(name: Partition, label: String) throws {
        let facts = Self.facts {
            $0.partitions = [FoundPartition(path: "/dev/vda2", name: name.rawValue, label: label, size: 1, number: 2)]
        }
        let refusal = #expect(throws: Refusal.self) { try InstallPlan.make(Self.request(), facts) }
        #expect(refusal?.kind == .diskInUse)
        _ = try InstallPlan.make(Self.request { $0.isForced = true }, facts)
    }

    @Test("other partitions are no installation")
    func others() throws {
        let facts = Self.facts {
            $0.partitions = [
                FoundPartition(path: "/dev/vda1", name: "boot", label: "ESP", size: 1, number: 1),
                FoundPartition(path: "/dev/vda2", name: nil, label: "LB_STATE", size: 1, number: 2),
            ]
        }
        _ = try InstallPlan.make(Self.request(), facts)
    }

    @Test("what is too small is refused before anything is written")
    func tooSmall() {
        for (request, facts) in [
            (Self.request(), Self.facts { $0.size = 512 << 20 }),
            (Self.request(), Self.facts { $0.image.size = 10 << 30 }),
            (Self.request(), Self.facts { $0.image.size = .max }),
            (
                Self.request {
                    var sizes = DiskSizes()
                    (sizes.oem, sizes.recovery) = (64 << 20, 2 << 30)
                    $0.partitions = .new(sizes)
                },
                Self.facts {
                    ($0.oemSize, $0.image.size) = (100 << 20, 1 << 30)
                }
            ),
            (
                Self.request {
                    var sizes = DiskSizes()
                    sizes.recovery = 2 << 30
                    $0.partitions = .new(sizes)
                }, Self.facts { $0.image.size = 3 << 30 }
            ),
            (
                Self.request {
                    var sizes = DiskSizes()
                    sizes.persistent = 32 << 20
                    $0.partitions = .new(sizes)
                    $0.protection = .storedKey
                }, Self.facts()
            ),
        ] {
            let refusal = #expect(throws: Refusal.self) { try InstallPlan.make(request, facts) }
            #expect(refusal?.kind == .space)
        }
    }

    @Test(
        "nobody has to name sizes: a small disk has smaller partitions, and a large image larger ones",
        arguments: [
            (disk: 64 << 30, image: 100 << 20, recovery: 2 << 30, state: 8 << 30),
            (7_500 << 20, 100 << 20, 896 << 20, 3_712 << 20),
            (7_500 << 20, 1 << 30, 2_688 << 20, 3_968 << 20),
            (64 << 30, 4 << 30, 10_496 << 20, 15_744 << 20),
        ] as [(disk: Int64, image: Int64, recovery: Int64, state: Int64)])
    func fitted(disk: Int64, image: Int64, recovery: Int64, state: Int64) throws {
        let plan = try InstallPlan.make(Self.request(), Self.facts { ($0.size, $0.image.size) = (disk, image) })
        let layouts = plan.steps.compactMap { if case .writeTable(_, let layout) = $0.action { layout } else { nil } }
        #expect(layouts.first?[.recovery]?.size == recovery && layouts.first?[.state]?.size == state)
    }

    @Test("partitions of exactly the smallest sizes do")
    func smallest() throws {
        let request = Self.request { $0.partitions = .prepared }
        let facts = Self.facts {
            $0.image.size = 1 << 20
            $0.partitions = Self.prepared.map { partition in
                var small = partition
                small.size = partition.name == "boot" ? 68 << 20 : partition.name == "bios" ? 1 << 20 : 16 << 20
                return small
            }
        }
        #expect(throws: Never.self) { try InstallPlan.make(request, facts) }
    }

    @Test("an encrypted partition has at least 48 MiB", arguments: [(48, true), (47, false)] as [(Int64, Bool)])
    func smallestEncrypted(size: Int64, fits: Bool) throws {
        let request = Self.request {
            var sizes = DiskSizes()
            sizes.persistent = size << 20
            $0.partitions = .new(sizes)
            $0.protection = .storedKey
        }
        let plan = try? InstallPlan.make(request, Self.facts())
        #expect((plan != nil) == fits)
    }

    @Test(
        "beside an image a megabyte is kept for boot records, to the byte, on both of its partitions",
        arguments: [Partition.recovery, .state])
    func room(name: Partition) throws {
        let request = Self.request { $0.partitions = .prepared }
        // 1 GiB without what ext4 takes for itself, a fiftieth and 12 MiB, and without the megabyte.
        let largest: Int64 = (1 << 30) - (1 << 30) / 50 - (12 << 20) - (1 << 20)
        for (more, fits) in [(0, true), (1, false)] as [(Int64, Bool)] {
            let facts = Self.facts {
                $0.image.size = largest + more
                $0.partitions = Self.prepared.map { partition in
                    var other = partition
                    if partition.name != name.rawValue { other.size = 2 << 30 }
                    return other
                }
            }
            if fits {
                #expect(throws: Never.self) { try InstallPlan.make(request, facts) }
            } else {
                let refusal = #expect(throws: Refusal.self) { try InstallPlan.make(request, facts) }
                #expect(refusal?.subject.contains(name.rawValue) == true)
            }
        }
    }

    @Test("every prepared partition but the one for BIOS must be there, once and large enough")
    func prepared() throws {
        let request = Self.request { $0.partitions = .prepared }
        let exchanged = Self.prepared.map { partition in
            var other = partition
            other.number = partition.name == "boot" ? 5 : partition.number
            return other
        }
        // GRUB's programs look for the boot partition by its number.
        #expect(throws: Refusal.self) { try InstallPlan.make(request, Self.facts { $0.partitions = exchanged }) }
        for name in Partition.allCases where name != .bios {
            for partitions in [
                Self.prepared.filter { $0.name != name.rawValue },
                Self.prepared + Self.prepared.filter { $0.name == name.rawValue },
                Self.prepared.map { partition in
                    var small = partition
                    if partition.name == name.rawValue { small.size = 1 << 20 }
                    return small
                },
            ] {
                #expect(throws: Refusal.self) {
                    try InstallPlan.make(request, Self.facts { $0.partitions = partitions })
                }
            }
        }
        let plan = try InstallPlan.make(
            request, Self.facts { $0.partitions = Self.prepared.filter { $0.name != "bios" } })
        #expect(plan.notes == ["The disk will not boot under BIOS: there is no partition named bios."])
        #expect(!plan.steps.contains { $0.action.name == "write-table" })
    }

    @Test("an image without GRUB cannot be installed from, and a missing one is named")
    func loaders() throws {
        #expect(throws: Refusal.self) { try InstallPlan.make(Self.request(), Self.facts { $0.loaders = [] }) }
        let plan = try InstallPlan.make(Self.request(), Self.facts { $0.loaders = [.bios] })
        #expect(plan.notes.count == 1)
    }

    @Test("what makes the disk bootable comes last, and the boot environment with it")
    func order() throws {
        let names = try InstallPlan.make(Self.request(), Self.facts()).steps.map(\.action.name)
        #expect(names.suffix(3) == ["make-boot-partition", "make-bootable", "run-hooks"])
        #expect(Array(names.prefix(3)) == ["run-hooks", "wipe-disk", "write-table"])
    }

    @Test("encryption needs its key", arguments: [PersistentProtection.keyFile, .passphrase])
    func key(protection: PersistentProtection) {
        #expect(throws: Refusal.self) {
            try InstallPlan.make(Self.request { $0.protection = protection }, Self.facts())
        }
    }

    @Test("sectors of other sizes and write protection are refused")
    func unusable() {
        for facts in [Self.facts { $0.sectorSize = 1024 }, Self.facts { $0.isReadOnly = true }] {
            let refusal = #expect(throws: Refusal.self) { try InstallPlan.make(Self.request(), facts) }
            #expect(refusal?.kind == .impossible)
        }
    }

    @Test("a disk with sectors of 4,096 bytes boots under UEFI alone, and its boot partition is larger")
    func largeSectors() throws {
        let plan = try InstallPlan.make(Self.request(), Self.facts { $0.sectorSize = 4096 })
        #expect(plan.notes == ["The disk will not boot under BIOS: it has sectors of 4096 bytes."])
        for case .writeTable(_, let layout) in plan.steps.map(\.action) {
            #expect(layout.sectorSize == 4096 && layout[.boot]?.size == 288 << 20)
        }
        #expect(plan.steps.contains { $0.action == .makeBootable("/dev/vda", [.uefi]) })
        let refusal = #expect(throws: Refusal.self) {
            try InstallPlan.make(
                Self.request {
                    var sizes = DiskSizes()
                    sizes.boot = 128 << 20
                    $0.partitions = .new(sizes)
                }, Self.facts { $0.sectorSize = 4096 })
        }
        #expect(refusal?.cause.contains("272 MiB") == true)
        #expect(throws: Refusal.self) {
            try InstallPlan.make(
                Self.request { $0.partitions = .prepared },
                Self.facts {
                    $0.sectorSize = 4096
                    $0.partitions = Self.prepared.map { partition in
                        var small = partition
                        if partition.name == "boot" { small.size = 128 << 20 }
                        return small
                    }
                })
        }
    }

    @Test(
        "a disk on which the kernel reads no partitions is refused, whatever is forced, and says what to use",
        arguments: [
            ("/dev/dm-0", ["/dev/sda"], "Use /dev/sda,"),
            ("/dev/dm-0", ["/dev/sda", "/dev/sdb"], "/dev/sda, /dev/sdb."),
            ("/dev/loop0", [], "losetup -P"), ("/dev/dm-3", [], "or choose another disk."),
        ] as [(String, [String], String)])
    func withoutPartitions(_ disk: String, _ parts: [String], _ words: String) {
        let facts = Self.facts {
            $0.readsPartitions = false
            $0.parts = parts.map { FilePath($0) }
        }
        let request = Self.request {
            $0.disk = FilePath(disk)
            $0.isForced = true
        }
        let refusal = #expect(throws: Refusal.self) { try InstallPlan.make(request, facts) }
        #expect(refusal?.cause == "the kernel reads no partitions on it")
        #expect(refusal?.remedy.contains(words) == true, "\(String(describing: refusal))")
    }

    @Test("a member of something is refused unless forced")
    func member() throws {
        let facts = Self.facts { $0.memberships = ["/dev/vda2 is a member of a RAID (linux_raid_member)"] }
        let refusal = #expect(throws: Refusal.self) { try InstallPlan.make(Self.request(), facts) }
        #expect(refusal?.kind == .diskInUse && refusal?.cause == facts.memberships[0])
        _ = try InstallPlan.make(Self.request { $0.isForced = true }, facts)
    }
}
