// Builds a bootable disk out of image directories, as an ordinary user: nothing is mounted, no loop device is used.

import DiskContract
package import GrubEnvironment
import ImageModel
package import ImagePlanning
import LinuxSystem
import PartitionTables
import SystemPackage

/// Says what was built.
package struct DiskReport: Sendable {
    /// What the machine boots first.
    package var environment: BootEnvironment
    /// Where the partitions are.
    package var layout: DiskLayout

    /// One line for a person.
    package var summary: String {
        let roles = [EnvironmentVariable.active, .passive, .recovery]
        let images = roles.map { "\($0.rawValue) \(environment.text(of: $0))" }.joined(separator: ", ")
        return "\(images), \(layout.size >> 20) MiB"
    }
}

/// Builds disks.
package enum DiskBuilder {
    /// Builds the disk; the order of the lines is the order of the work.
    ///
    /// - Parameter progress: is told each step as it begins.
    /// - Throws: when an image is not whole, something does not fit or a program fails; no output is left then.
    @discardableResult
    package static func build(_ request: DiskRequest, progress: (String) -> Void = { _ in }) throws -> DiskReport {
        let images = try DiskImages(request)
        let layout = try DiskLayout(try images.content(oem: request.oemFiles).sizes(request.sizes), for: request.format)
        let staging = FilePath("\(request.output).staging")
        try Folders.remove(staging, .tree)
        try Folders.make(staging)
        defer { try? Folders.remove(staging, .tree) }
        progress("loaders")
        let job = DiskJob(
            request: request, images: images, layout: layout, staging: staging, disk: staging.appending("disk"),
            pair: try ImageLoaders.pair(of: images.active, configuration: UEFILoaders.diskConfiguration))
        progress("checking sizes")
        let contents = try job.contents()
        progress("partition table")
        try job.partition()
        progress("boot partition")
        try job.makeBootPartition()
        for (name, entries) in contents {
            progress("\(name.rawValue) partition")
            try job.makeFilesystem(name, entries)
        }
        for place in layout.extra {
            progress("\(place.partition.name) partition")
            try job.makeFilesystem(place)
        }
        if layout.sectorSize == GrubBootCode.sectorSize {
            progress("GRUB for BIOS")
            try job.bootLoader.installForBIOS()
        }
        progress(request.format == .raw ? "finishing" : "converting to \(request.format.rawValue)")
        try job.finish()
        if request.writesProvenance {
            try DiskProvenance(request: request, images: images, layout: layout).write(progress: progress)
        }
        return DiskReport(environment: images.environment, layout: layout)
    }
}

/// Holds the images of a disk.
struct DiskImages {
    let active: DiskImageSource
    let passive: DiskImageSource?
    let recovery: DiskImageSource
    private let isExpandable: Bool

    /// Reads them.
    init(_ request: DiskRequest) throws {
        active = try DiskImageSource(request.image)
        passive = try request.passive.map { try DiskImageSource($0) }
        recovery = try DiskImageSource(request.recovery)
        if let passive, passive.id == active.id {
            throw DiskError.image(passive.path, "it is the active image, so it could not stand in for it")
        }
        isExpandable = request.sizes.isExpandable
        guard isExpandable else { return }
        if let passive { throw DiskError.image(passive.path, "an expandable disk has no passive image") }
        guard active.id == recovery.id else {
            throw DiskError.image(active.path, "an expandable disk has one image, and recovery's is another one")
        }
    }

    /// What the partitions are to hold.
    func content(oem: FilePath?) throws -> DiskContent {
        let files = try oem.map { try DiskEntry.tree($0).reduce(0) { $0 + (try $1.size()) } } ?? 0
        return DiskContent(oem: files, recovery: recovery.size, image: max(active.size, passive?.size ?? 0))
    }

    /// What the machine boots first: the active image, on trial; of an expandable disk recovery, which completes it.
    var environment: BootEnvironment {
        guard isExpandable else {
            return BootEnvironment(active: active.id, passive: passive?.id, recovery: recovery.id)
        }
        var environment = BootEnvironment(recovery: recovery.id)
        environment.pending = .install
        return environment
    }
}

/// Carries one build through its steps.
struct DiskJob {
    let request: DiskRequest
    let images: DiskImages
    let layout: DiskLayout
    let staging: FilePath
    let disk: FilePath
    /// The loaders that the active image brings for UEFI.
    let pair: UEFILoaders?

    private var tools: DiskTools { DiskTools(time: request.time) }

    /// GRUB's part of the work.
    var bootLoader: DiskBootLoader {
        DiskBootLoader(
            disk: disk, layout: layout, identity: request.identity, tools: tools, staging: staging,
            grubDirectory: request.grubDirectory, pair: pair)
    }

    /// What goes on each ext4 partition.
    ///
    /// - Throws: when it does not fit.
    func contents() throws -> [(Partition, [DiskEntry])] {
        let state = [images.active, images.passive].compactMap { $0 }
        let contents: [(Partition, [DiskEntry])] = [
            (.oem, try request.oemFiles.map { try DiskEntry.tree($0) } ?? []),
            (.recovery, try store([images.recovery])), (.state, try store(state)), (.persistent, []),
        ].filter { layout[$0.0] != nil }
        for (name, entries) in contents {
            try layout.checkSpace(for: try entries.reduce(0) { $0 + (try $1.size()) }, on: name)
        }
        return contents
    }

    private func store(_ images: [DiskImageSource]) throws -> [DiskEntry] {
        [.directory("/images"), .directory("/lifeboot")] + (try images.flatMap { try $0.entries(staging: staging) })
    }

    /// Makes the empty disk with its table.
    func partition() throws {
        _ = try DiskFile(disk, size: layout.size)
        let entries = layout.partitions.map { partition in
            PartitionTable.Entry(
                firstSector: partition.offset / layout.sectorSize, sectors: partition.size / layout.sectorSize,
                type: partition.name.typeIdentifier,
                name: partition.name.rawValue, identifier: request.identity.partition(partition.name))
        }
        try PartitionTable(identifier: request.identity.disk, entries: entries + extraEntries).write(
            to: disk, sectorSize: layout.sectorSize)
    }

    private var extraEntries: [PartitionTable.Entry] {
        layout.extra.map { place in
            PartitionTable.Entry(
                firstSector: place.offset / layout.sectorSize, sectors: place.size / layout.sectorSize,
                type: place.partition.type, name: place.partition.name,
                identifier: request.identity.partition(extra: place.partition.name))
        }
    }

    /// Makes the filesystem of a partition beside ours.
    func makeFilesystem(_ place: PlacedPartition) throws {
        try ExtraFilesystem(
            disk: disk, place: place, sectorSize: layout.sectorSize, identity: request.identity, tools: tools
        ).make()
    }

    /// Makes what GRUB reads first.
    func makeBootPartition() throws {
        try bootLoader.makeBootPartition(
            configuration: request.grubConfiguration, environment: images.environment,
            password: request.grubPassword)
    }

    /// Makes and fills one ext4 partition.
    func makeFilesystem(_ name: Partition, _ entries: [DiskEntry]) throws {
        guard let partition = layout[name] else { return }
        let filesystem = DiskFilesystem(disk: disk, partition: partition, identity: request.identity, tools: tools)
        try filesystem.make()
        if !entries.isEmpty { try filesystem.fill(entries, staging: staging) }
        if name == .state || name == .recovery {
            try filesystem.preallocate(FilePath("/\(DiskFiles.history)"), size: DiskFiles.historySize, staging: staging)
        }
    }

    /// Converts the disk where asked, and gives it its name when all of it is durable.
    func finish() throws {
        let conversion = DiskConversion(
            format: request.format, layout: layout, identity: request.identity, tools: tools, staging: staging)
        let result = try conversion.convert(disk)
        try Folders.flushEntry(result)
        try Folders.rename(result, to: request.output)
        let folder = request.output.removingLastComponent()
        try Folders.flushEntry(folder.isEmpty ? "." : folder)
    }
}
