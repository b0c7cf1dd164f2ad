package import DiskContract
package import ImagePlanning
package import JSONText
import Plans
package import SystemPackage

/// What one step of an installation does.
package enum InstallAction: PlannedAction {
    /// Runs the hooks of an event, and what files of configuration have for its stage.
    case runHooks(HookEvent)
    /// Overwrites both ends of the disk.
    case wipeDisk(FilePath)
    /// Overwrites both ends of a partition.
    case wipePartition(Partition)
    /// Writes the partition table.
    case writeTable(FilePath, DiskLayout)
    /// Makes an ext4 filesystem.
    case format(Partition)
    /// Makes the persistent partition.
    case formatPersistent(PersistentProtection)
    /// Copies files to the OEM partition.
    case copyOEM(FilePath)
    /// Puts the image on the recovery partition.
    case deployRecovery(PlannedImage)
    /// Copies the image from the recovery partition to the state partition.
    case deployState(PlannedImage)
    /// Makes the boot partition with the boot environment and GRUB's files.
    case makeBootPartition(PlannedImage, Set<Firmware>)
    /// Makes the disk one that BIOS boots; under UEFI it is one already.
    case makeBootable(FilePath, Set<Firmware>)

    /// The kind of action.
    package var name: String {
        switch self {
        case .runHooks: "run-hooks"
        case .wipeDisk: "wipe-disk"
        case .wipePartition: "wipe-partition"
        case .writeTable: "write-table"
        case .format: "format"
        case .formatPersistent: "format-persistent"
        case .copyOEM: "copy-oem"
        case .deployRecovery: "deploy-recovery"
        case .deployState: "deploy-state"
        case .makeBootPartition: "make-boot-partition"
        case .makeBootable: "make-bootable"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .runHooks(let event): event.description
        case .wipeDisk(let disk), .writeTable(let disk, _), .makeBootable(let disk, _): disk.string
        case .wipePartition(let name), .format(let name): "the \(name.rawValue) partition"
        case .formatPersistent: "the persistent partition"
        case .copyOEM(let folder): folder.string
        case .deployRecovery(let image), .deployState(let image): image.description
        case .makeBootPartition: "the boot partition"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .runHooks: HookEvent.explanation
        case .wipeDisk: "Everything on the disk is lost; until the end no firmware finds anything to boot on it."
        case .wipePartition: "Everything on it is lost."
        case .writeTable(_, let layout):
            "A GPT with " + layout.partitions.map { "\($0.name.rawValue) \($0.size >> 20) MiB" }.joined(separator: ", ")
                + "."
        case .format(let name): "ext4, labelled \(name.label), which GRUB can read."
        case .formatPersistent(let protection): "ext4, labelled LB_PERSISTENT, \(protection.explanation)."
        case .copyOEM: "Its contents go on the OEM partition."
        case .deployRecovery(let image): "Writes, verifies and names the image, from \(image.source)."
        case .deployState: "Copies it from the recovery partition, and verifies it."
        case .makeBootPartition(_, let firmware):
            "FAT32 with the boot environment first and GRUB's files last"
                + (firmware.contains(.uefi) ? "; from then on UEFI boots it." : ".")
        case .makeBootable(_, let firmware):
            firmware.contains(.bios)
                ? "GRUB's core image, and then its boot sector: from then on BIOS boots it."
                : "Nothing is written, for the image brings no GRUB for BIOS."
        }
    }

    /// Everything it holds.
    package var json: JSONValue {
        switch self {
        case .runHooks(let event): ["event": .string(event.description)]
        case .wipeDisk(let disk): ["disk": .string(disk.string)]
        case .wipePartition(let name), .format(let name): ["partition": .string(name.rawValue)]
        case .writeTable(let disk, let layout):
            ["disk": .string(disk.string), "partitions": .array(layout.partitions.map(\.json))]
        case .formatPersistent(let protection): ["protection": .string(protection.rawValue)]
        case .copyOEM(let folder): ["folder": .string(folder.string)]
        case .deployRecovery(let image), .deployState(let image): image.json
        case .makeBootPartition(let image, let firmware): ["image": image.json, "firmware": Self.json(firmware)]
        case .makeBootable(let disk, let firmware):
            ["disk": .string(disk.string), "firmware": Self.json(firmware)]
        }
    }

    /// What later steps can count on when it was done.
    package var gives: [DeploymentProduct] { if case .deployRecovery = self { [.image] } else { [] } }

    /// What earlier steps must have given.
    package var needs: [DeploymentProduct] {
        switch self {
        case .deployState, .makeBootPartition: [.image]
        case .runHooks(let event): event.needs
        default: []
        }
    }

    private static func json(_ firmware: Set<Firmware>) -> JSONValue {
        .array(Firmware.allCases.filter { firmware.contains($0) }.map { .string($0.rawValue) })
    }
}

extension DiskPartition {
    /// The partition for programs.
    var json: JSONValue {
        ["name": .string(name.rawValue), "offset": .integer(offset), "size": .integer(size)]
    }
}
