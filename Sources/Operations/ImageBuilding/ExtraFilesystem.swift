import Filesystems
import ImagePlanning
import SystemPackage

/// Makes the empty filesystem of a partition beside ours, inside the disk's file.
struct ExtraFilesystem {
    let disk: FilePath
    let place: PlacedPartition
    let sectorSize: Int64
    let identity: DiskIdentity
    let tools: DiskTools

    /// Makes it; a partition that is to have none is left as it is.
    func make() throws {
        switch place.partition.filesystem {
        case .ext4: try ext4.make(on: disk, tools: tools.filesystems)
        case .vfat: try fat.make(on: disk, tools: tools.filesystems)
        case .none: break
        }
    }

    /// The same as that of our own data.
    private var ext4: Ext4Format {
        let name = place.partition.name
        var format = Ext4Format(label: place.partition.label, size: place.size, bytesPerInode: 16_384, ground: .zeros)
        format.offset = place.offset
        format.identifier = identity.filesystem(extra: name)
        format.hashSeed = identity.directoryHash(extra: name)
        return format
    }

    private var fat: FATFormat {
        var format = FATFormat(label: place.partition.label, size: place.size)
        format.identifier = String(identity.filesystem(extra: place.partition.name).prefix(8))
        format.offset = place.offset
        format.sectorSize = sectorSize
        format.isReproducible = true
        return format
    }
}
