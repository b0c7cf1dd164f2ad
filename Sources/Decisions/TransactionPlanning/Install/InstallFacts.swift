import DiskContract
package import ImagePlanning
package import SystemPackage

/// A partition that is on the disk.
package struct FoundPartition: Equatable, Sendable {
    /// The device.
    package var path: FilePath
    /// PARTLABEL; nil when it has none.
    package var name: String?
    /// Label of the filesystem; nil when it has none.
    package var label: String?
    /// The size in bytes.
    package var size: Int64
    /// The number in the partition table, from 1.
    package var number: Int

    /// Describes a partition.
    package init(path: FilePath, name: String?, label: String?, size: Int64, number: Int) {
        self.number = number
        self.path = path
        self.name = name
        self.label = label
        self.size = size
    }

    /// Whether it makes the disk one that holds an installation.
    package var isInstallation: Bool {
        [Partition.boot, .state].contains { $0.rawValue == name && $0.label == label }
    }
}

/// What an installation is planned from.
package struct InstallFacts: Equatable, Sendable {
    /// The size of the disk in bytes.
    package var size: Int64
    /// Bytes in a sector.
    package var sectorSize: Int64 = 512
    /// Whether it is write-protected.
    package var isReadOnly = false
    /// By what it is used, a phrase each.
    package var uses: [String] = []
    /// Whether the kernel reads partitions on it.
    package var readsPartitions = true
    /// The whole disks that it is made of; none for a disk.
    package var parts: [FilePath] = []
    /// What it or one of its partitions is a member of, a phrase each.
    package var memberships: [String] = []
    /// Whether the system that runs comes from it.
    package var isRunning = false
    /// Its partitions.
    package var partitions: [FoundPartition] = []
    /// The image to install.
    package var image: PlannedImage
    /// Bytes of the files that go on the OEM partition.
    package var oemSize: Int64 = 0
    /// For which firmware the running image brings GRUB.
    package var loaders: Set<Firmware> = Set(Firmware.allCases)
    /// Whether a key file or passphrase was given.
    package var isKeyGiven = false

    /// Makes facts of an empty disk that nothing uses.
    package init(size: Int64, image: PlannedImage) {
        self.size = size
        self.image = image
    }
}

/// Names what starts GRUB.
package enum Firmware: String, CaseIterable, Sendable {
    /// The first sector of the disk.
    case bios = "BIOS"
    /// A program on the boot partition.
    case uefi = "UEFI"
}

/// What the operator asks of an installation.
package struct InstallRequest: Equatable, Sendable {
    /// What the partitions are.
    package enum Partitions: Equatable, Sendable {
        /// A new table with these sizes.
        case new(DiskSizes)
        /// Those that are on the disk, by PARTLABEL.
        case prepared
    }

    /// The disk.
    package var disk: FilePath
    /// What the partitions are.
    package var partitions: Partitions
    /// Whether an installation may be overwritten.
    package var isForced = false
    /// How the persistent partition is made.
    package var protection = PersistentProtection.none
    /// The folder whose contents go on the OEM partition; nil for an empty one.
    package var oemFiles: FilePath?
    /// The hash of the password for GRUB's editor and shell; nil for none.
    package var grubPassword: String?

    /// What this is asked with.
    package var words = InstallWords.options

    /// Asks for an installation on a disk.
    package init(disk: FilePath, partitions: Partitions) {
        self.disk = disk
        self.partitions = partitions
    }
}

/// What an operator writes to ask for something else, as remedies say it.
package enum InstallWords: Equatable, Sendable {
    /// Options of `lifeboot install`.
    case options
    /// Keys of an `install.yaml`.
    case file

    /// What makes a disk's content be given up.
    var force: String { self == .options ? "--force" : "force: true in \(InstallFile.name)" }
    /// What says how large partitions are.
    var sizes: String { self == .options ? "--sizes" : "sizes in \(InstallFile.name)" }

    /// What makes one partition larger.
    func size(of name: String) -> String {
        self == .options ? "--sizes \(name)=SIZE" : "sizes: {\(name): SIZE} in \(InstallFile.name)"
    }

    /// What gives a key.
    var key: String {
        self == .options
            ? "Add --key-file FILE or --passphrase-file FILE."
            : "Put the passphrase into \(InstallFile.passphraseName) at the root of the medium."
    }
}
