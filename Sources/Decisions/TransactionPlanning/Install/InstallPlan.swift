import DiskContract
package import Faults
import ImagePlanning
package import Plans
import SystemPackage

/// Decides how a system is put on a disk; docs/installing.md has the order and what every cut leaves.
package enum InstallPlan {
    /// Plans an installation.
    ///
    /// - Throws: `Refusal` when the disk is in use, holds an installation and nothing is forced, or does not do.
    package static func make(
        _ request: InstallRequest, _ facts: InstallFacts
    ) throws(Refusal) -> Plan<InstallAction> {
        try checkDisk(request, facts)
        try checkKey(request, facts)
        let (ground, sizes) = try ground(request, facts)
        try checkRoom(sizes, request, facts)
        let hasNoBIOS = sizes[.bios] == nil || facts.sectorSize != DiskSizes.sectorSizes[0]
        let firmware = hasNoBIOS ? facts.loaders.subtracting([.bios]) : facts.loaders
        guard !firmware.isEmpty else { throw noLoader(facts) }
        let steps =
            [Step(.prepare, InstallAction.runHooks(HookEvent(.before, of: "install")))]
            + ground.map { Step(.prepare, $0) }
            + content(request, facts).map { Step(.prepare, $0) }
            + [
                Step(.prepare, .makeBootPartition(facts.image, firmware)),
                Step(.commit, .makeBootable(request.disk, firmware)),
                Step(.finish, .runHooks(HookEvent(.post, of: "install"))),
            ]
        return Plan(
            "install", "\(facts.image.description) on \(request.disk)", steps, notes: notes(firmware, sizes, facts))
    }

    private static func notes(
        _ firmware: Set<Firmware>, _ sizes: [Partition: Int64], _ facts: InstallFacts
    ) -> [String] {
        Firmware.allCases.filter { !firmware.contains($0) }.map { missing in
            let reason =
                !facts.loaders.contains(missing)
                ? "the running image brings no GRUB for it"
                : sizes[.bios] == nil
                    ? "there is no partition named bios" : "it has sectors of \(facts.sectorSize) bytes"
            return "The disk will not boot under \(missing.rawValue): \(reason)."
        }
    }

    /// What goes on the filesystems, the boot partition excepted.
    private static func content(_ request: InstallRequest, _ facts: InstallFacts) -> [InstallAction] {
        [.format(.oem)] + (request.oemFiles.map { [.copyOEM($0)] } ?? []) + [
            .format(.recovery), .format(.state), .formatPersistent(request.protection),
            .deployRecovery(facts.image), .deployState(facts.image),
            .runHooks(HookEvent(.afterChroot, of: "install")), .runHooks(HookEvent(.after, of: "install")),
        ]
    }

    /// What makes partitions that are empty, and how large they are.
    private static func ground(
        _ request: InstallRequest, _ facts: InstallFacts
    ) throws(Refusal) -> ([InstallAction], [Partition: Int64]) {
        switch request.partitions {
        case .new(var sizes):
            sizes.disk = facts.size
            sizes.sectorSize = facts.sectorSize
            let layout: DiskLayout
            let content = DiskContent(oem: facts.oemSize, recovery: facts.image.size, image: facts.image.size)
            do throws(DiskLayoutError) { layout = try DiskLayout(content.sizes(sizes)) } catch {
                throw Refusal(
                    .space, "laying out", "\(request.disk)", cause: "\(error.subject): \(error.cause)",
                    remedy: "Choose other \(request.words.sizes), or a larger disk.", underlying: error)
            }
            let known = layout.partitions.map { ($0.name, $0.size) }
            return (
                [.wipeDisk(request.disk), .writeTable(request.disk, layout)],
                Dictionary(known) { first, _ in first }
            )
        case .prepared:
            let sizes = try preparedSizes(request, facts)
            // Boot first: without it nothing of what was there boots any more.
            let order = [Partition.boot] + Partition.allCases.filter { $0 != .boot }
            return (order.filter { sizes[$0] != nil }.map { .wipePartition($0) }, sizes)
        }
    }

    private static func preparedSizes(
        _ request: InstallRequest, _ facts: InstallFacts
    ) throws(Refusal) -> [Partition: Int64] {
        var sizes: [Partition: Int64] = [:]
        for name in Partition.allCases {
            let found = facts.partitions.filter { $0.name == name.rawValue }
            if found.isEmpty && name == .bios { continue }
            guard let only = found.first, found.count == 1 else {
                throw prepared(
                    request,
                    found.isEmpty ? "no partition is named \(name.rawValue)" : "several are named \(name.rawValue)")
            }
            let smallest = name.minimumSize(sectorSize: facts.sectorSize)
            guard only.size >= smallest else {
                throw prepared(
                    request, "\(name.rawValue) has \(only.size >> 20) MiB, and at least \(smallest >> 20) are needed")
            }
            // GRUB's core image and UEFI loader look for their files on the partition of this number.
            guard name != .boot || only.number == name.number else {
                throw prepared(request, "boot is partition \(only.number), and GRUB looks for it as \(name.number)")
            }
            sizes[name] = only.size
        }
        return sizes
    }

    private static func prepared(_ request: InstallRequest, _ cause: String) -> Refusal {
        Refusal(
            .impossible, "using the partitions of", "\(request.disk)", cause: cause,
            remedy: "Name them by PARTLABEL: bios, boot, oem, recovery, state and persistent.")
    }

    private static func noLoader(_ facts: InstallFacts) -> Refusal {
        Refusal(
            .impossible, "installing", "GRUB",
            cause: facts.loaders.isEmpty
                ? "the running image has no /usr/lib/lifeboot/grub" : "BIOS needs a partition named bios",
            remedy: "Install from an image that was built with lifeboot's GRUB files.")
    }
}

extension InstallPlan {
    private static func checkDisk(_ request: InstallRequest, _ facts: InstallFacts) throws(Refusal) {
        let disk = "\(request.disk)"
        let obstacle = DiskObstacle(
            isRunning: facts.isRunning, uses: facts.uses, isReadOnly: facts.isReadOnly,
            readsPartitions: facts.readsPartitions, sectorSize: facts.sectorSize)
        if let obstacle { throw refusal(obstacle, request, facts) }
        guard request.isForced || facts.memberships.isEmpty else {
            throw Refusal(
                .diskInUse, "installing on", disk, cause: facts.memberships.joined(separator: ", "),
                remedy:
                    "Choose another disk, or add \(request.words.force) if what it was part of is not used any more.")
        }
        guard request.isForced || !facts.partitions.contains(where: \.isInstallation) else {
            throw Refusal(
                .diskInUse, "installing on", disk, cause: "it holds an installation",
                remedy: "Add \(request.words.force) to lose all that is on it.")
        }
    }

    private static func refusal(
        _ obstacle: DiskObstacle, _ request: InstallRequest, _ facts: InstallFacts
    ) -> Refusal {
        let isLoop = "\(request.disk)".hasPrefix("/dev/loop")
        let (kind, remedy): (RefusalKind, String) =
            switch obstacle {
            case .running: (.diskInUse, "Choose another disk, or reset this machine with `lifeboot reset`.")
            case .used: (.diskInUse, "Unmount it and close what is open on it; --force does not help here.")
            case .readOnly: (.impossible, "Choose another disk.")
            case .withoutPartitions: (.impossible, remedyWithoutPartitions(isLoop: isLoop, parts: facts.parts))
            case .sectors: (.impossible, "Only disks with sectors of 512 or 4,096 bytes can be used.")
            }
        return Refusal(kind, "installing on", "\(request.disk)", cause: obstacle.cause, remedy: remedy)
    }

    private static func remedyWithoutPartitions(isLoop: Bool, parts: [FilePath]) -> String {
        let names = parts.map(\.string).joined(separator: ", ")
        return switch parts.count {
        case 0 where isLoop: "Attach the file with `losetup -P`."
        case 0: "Let the kernel read its table again (`blockdev --rereadpt`), or choose another disk."
        case 1: "Use \(names), of which it is made, once nothing holds that any more."
        default: "Use one of the disks of which it is made, once nothing holds them any more: \(names)."
        }
    }

    private static func checkKey(_ request: InstallRequest, _ facts: InstallFacts) throws(Refusal) {
        guard request.protection == .keyFile || request.protection == .passphrase, !facts.isKeyGiven else { return }
        throw Refusal(
            .impossible, "encrypting", "the persistent partition", cause: "no key was given",
            remedy: request.words.key)
    }

    private static func checkRoom(
        _ sizes: [Partition: Int64], _ request: InstallRequest, _ facts: InstallFacts
    ) throws(Refusal) {
        try PartitionRoom(
            operation: "installing on", sizes: sizes, isEncrypted: request.protection.isEncrypted
        ).check([.oem: facts.oemSize, .recovery: facts.image.size, .state: facts.image.size]) {
            "Make it larger with \(request.words.size(of: $0.rawValue))."
        }
    }
}
