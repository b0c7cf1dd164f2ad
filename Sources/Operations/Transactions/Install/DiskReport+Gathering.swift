import BlockDevices
import Filesystems
import InstalledSystem
import LinuxSystem
import PartitionTables
import SystemPackage
package import TransactionPlanning

extension DiskReport {
    /// Looks at every disk of this machine; nothing is written, and nothing is mounted.
    ///
    /// A disk that does not answer is one of which nothing is known. A drive without a disc has no size, and is left out.
    /// - Throws: `BlockDeviceError` when the kernel does not say which there are; `SystemError` when it is not known which
    ///   disk this system comes from.
    package static func all() throws -> [DiskReport] {
        try DiskCandidate.all().filter { $0.size > 0 }.map { disk in
            do { return DiskReport(disk, try Content(of: disk.path)) } catch {
                return DiskReport(disk, problem: "\(error)")
            }
        }
    }
}

extension DiskReport.Content {
    /// Looks at a disk.
    init(of path: FilePath) throws {
        self.init()
        let description = try DiskDescription(of: path)
        partitions = try description.partitions.map { try FoundPartition($0) }
        filesystem = try BlockDevice.probe(description.path).filesystemType
        (memberships, isReadOnly) = (description.memberships, description.isReadOnly)
        readsPartitions = try description.showsPartitions()
        uses = try DeviceUse.of(description.path).reasons
    }
}

extension FoundPartition {
    /// Looks at a partition.
    ///
    /// - Throws: `BlockDeviceError` when the kernel does not say where it lies.
    init(_ device: BlockDevice) throws {
        self.init(
            path: device.path, name: device.partitionLabel, label: device.label,
            size: try BlockDeviceSize.of(device.path), number: try PartitionGeometry(of: device).number)
    }
}
