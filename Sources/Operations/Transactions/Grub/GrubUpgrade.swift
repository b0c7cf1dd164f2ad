package import BlockDevices
import BootPlanning
import DiskContract
package import GrubEnvironment
import ImagePlanning
import InstalledSystem
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Upgrades GRUB on the disk that was booted: gathers facts, and carries out what `GrubPlan` decides.
package struct GrubUpgrade: Sendable {
    /// The files that are offered.
    package let source: GrubSource
    private let boot: BlockDevice
    private let sector: GrubBootSector?

    /// Takes the files of an image and the boot partition.
    ///
    /// - Throws: `BlockDeviceError` when the disk's partitions cannot be read.
    package init(_ source: GrubSource, boot: BlockDevice) throws {
        self.source = source
        self.boot = boot
        let partition = try DiskPartitions.siblings(of: boot).first { $0.partitionLabel == Partition.bios.rawValue }
        sector = try partition.flatMap { (partition: BlockDevice) -> GrubBootSector? in
            let geometry = try PartitionGeometry(of: partition)
            // BIOS starts no disk with other sectors.
            guard try DiskDescription.sectorSize(of: geometry.disk) == GrubBootCode.sectorSize else { return nil }
            return GrubBootSector(
                disk: geometry.disk, partition: partition.path, firstSector: UInt64(max(0, geometry.start)))
        }
    }

    private var partition: BootPartition { BootPartition(device: boot.path) }

    /// Looks at the boot partition and the loaders.
    ///
    /// - Parameter proven: the copy that started this system, when it is healthy.
    /// - Throws: `SystemError` when something cannot be read.
    package func facts(proven: GrubCopy?) throws -> GrubFacts {
        var facts = try partition.mounted(readOnly: true) { root in
            let copies = GrubCopies(root: root)
            var facts = GrubFacts(
                offered: source.configuration.version, arrangement: try copies.arrangement(), proven: proven)
            for copy in GrubCopy.allCases { facts.copies[copy] = try copies.state(copy) }
            try compareLoaders(copies, &facts)
            return facts
        }
        guard let sector, let bootImage = source.bootImage, let core = source.core else { return facts }
        switch try sector.loads(bootImage, core) {
        case false?: facts.outdated.insert(.bios)
        case true?: break
        case nil: facts.notes.append("the boot sector was not written by lifeboot; GRUB for BIOS is left as it is")
        }
        return facts
    }

    private func compareLoaders(_ copies: GrubCopies, _ facts: inout GrubFacts) throws {
        guard let offered = source.loaders else { return }
        let replacement = try LoaderReplacement(offered: offered) {
            try FileBytes.readIfPresent(copies.path($0), limit: GrubSource.limit)
        }
        facts.isPair = offered.isPair
        facts.outdated.formUnion(replacement.outdated.map { .uefi($0) })
        facts.notes += replacement.notes
    }
}

extension GrubUpgrade: TransactionEffects {
    /// Carries out one action.
    package mutating func perform(_ action: GrubAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeCore: try writeCore { sector, _, core in try sector.writeSpare(core) }
        case .switchCore: try writeCore { sector, bootImage, _ in try sector.commit(bootImage) }
        default: return try partition.mounted(readOnly: false) { try perform(action, GrubCopies(root: $0)) }
        }
        return []
    }

    private func perform(_ action: GrubAction, _ copies: GrubCopies) throws -> [String] {
        switch action {
        case .adopt: try copies.adopt()
        case .writeCopy(let copy, _): try copies.write(source.configuration, as: copy)
        case .select(let selection): try copies.write(selection)
        case .installSelector:
            try copies.write(source.selector, to: copies.path(GrubPlaces.newSelector))
            // Where it is refused, the trial in `grub.env` just waits: the old configuration does not read it, and the
            // next run writes it anew before it tries the exchange again.
            return try copies.exchange(
                GrubPlaces.newSelector, with: GrubPlaces.selector,
                otherwise: "GRUB goes on with the one configuration that it has")
        case .writeLoader(let file): try LoaderUpgrade(source.loaders, on: copies).stage(file)
        case .exchangeLoader(let file): return try LoaderUpgrade(source.loaders, on: copies).commit(file)
        case .writeCore, .switchCore: break
        }
        return []
    }

    private func writeCore(_ body: (GrubBootSector, [UInt8], [UInt8]) throws -> Void) throws {
        guard let sector, let bootImage = source.bootImage, let core = source.core else {
            throw GrubError(
                "upgrading", boot.path, "the image brings no GRUB for BIOS, or the disk has no place for it")
        }
        try body(sector, bootImage, core)
    }

    /// Holds nothing: the boot partition is mounted for each action only.
    package mutating func release() -> [String] { [] }
}

/// Puts GRUB on a disk that does not boot yet.
package struct GrubInstallation: Sendable {
    /// The files of an image.
    package let source: GrubSource

    /// Takes the files of an image.
    package init(_ source: GrubSource) { self.source = source }

    /// Fills the mounted boot partition: both copies of the configuration, `grub.env`, the selector, and last what UEFI
    /// starts.
    ///
    /// `boot.env` and `boot.bak` are the caller's; it writes them before this, so that they come to lie first.
    /// - Throws: `SystemError` or `GrubError` when a file cannot be written.
    package func fill(bootPartition root: FilePath) throws {
        let copies = GrubCopies(root: root)
        try copies.write(GrubSelection(loader: source.configuration.version))
        for copy in GrubCopy.allCases { try copies.write(source.configuration, as: copy) }
        try copies.write(source.selector, to: copies.path(GrubPlaces.selector))
        guard let loaders = source.loaders else { return }
        for folder in loaders.folders { try Folders.make(copies.path(folder)) }
        for file in loaders.files { try copies.write(file.bytes, to: copies.path(file.path)) }
    }

    /// Writes the core image and then sector 0, which makes the disk one that BIOS boots; nothing when the image brings
    /// no GRUB for BIOS.
    ///
    /// - Throws: `SystemError` or `GrubBootCodeError` when the disk cannot be written.
    package func makeBootable(_ sector: GrubBootSector) throws {
        guard let bootImage = source.bootImage, let core = source.core else { return }
        try sector.write(core, slot: 0)
        try sector.commit(bootImage, slot: 0)
    }
}
