package import BlockDevices
import ImageModel
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Looks into all media of one disk: for a process of its own, because a disk may never answer.
package struct MediumLook {
    private let mounts: MediumMounts
    private let sources: MediumSources

    /// Says where media are mounted, and who judges what is on them.
    package init(_ mounts: MediumMounts, _ sources: MediumSources) { (self.mounts, self.sources) = (mounts, sources) }

    /// What each medium of the disk has; nothing for a drive without a medium.
    ///
    /// - Throws: `BlockDeviceError` when the kernel does not say which partitions there are.
    package func reports(_ disk: FilePath) throws(BlockDeviceError) -> [MediumReport] {
        guard let whole = SeenDevice(probing: disk) else { return [] }
        let partitions = try DiskPartitions.nodes(of: disk).compactMap { SeenDevice(probing: $0) }
        return MediumChoice.media(whole, partitions).map { device, verdict in
            switch verdict {
            case .tell(let problem): MediumReport(device, problem: problem)
            case .look(let filesystem): report(device, filesystem)
            }
        }
    }

    private func report(_ device: SeenDevice, _ filesystem: MediumFilesystem) -> MediumReport {
        var report = MediumReport(device)
        do throws(SystemError) { report.folder = try mounts.folder(of: device.path, filesystem) } catch {
            report.problem = "\(error)"
            return report
        }
        guard let folder = report.folder else { return report }
        (report.sources, report.problem) = sources.find(in: folder)
        return report
    }
}

extension SeenDevice {
    /// Looks at a device; nil for a drive without a medium.
    init?(probing path: FilePath) {
        self.init(path)
        do throws(BlockDeviceError) {
            let device = try BlockDevice.probe(path)
            (filesystem, label, problem) = (device.filesystemType, device.label, device.problem)
            bytes = try BlockDeviceSize.of(path)
        } catch {
            if error.isWithoutMedium { return nil }
            problem = "\(error)"
        }
    }
}
