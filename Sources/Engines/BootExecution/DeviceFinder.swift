package import BlockDevices
package import BootModel
import BootPlanning
package import GrubEnvironment
package import ImageModel
package import LinuxSystem
import SystemPackage

/// Finds the partitions of this machine, starting from the one that GRUB booted from.
package struct DeviceFinder: Sendable {
    /// The boot partition; nil until it is found.
    package var bootPartition: BlockDevice?

    /// Starts from a boot partition.
    package init(bootPartition: BlockDevice?) { self.bootPartition = bootPartition }

    /// Finds a device.
    ///
    /// A partition of the boot disk is there as soon as the boot partition is: the kernel reads a table as a whole.
    ///
    /// - Parameter whileWaiting: called every few seconds, so that a watchdog can be served.
    /// - Throws: `BlockDeviceError` or `EffectError` when it is not there in time.
    package func find(_ source: DeviceSource, whileWaiting: () -> Void = {}) throws -> BlockDevice {
        switch source {
        case .anywhere(let reference, let timeout):
            return try DeviceWait.wait(for: reference, until: .after(.seconds(timeout)), whileWaiting: whileWaiting)
        case .bootDisk(let partitionLabel, let label):
            guard let bootPartition else { throw EffectError.noBootPartition }
            let siblings = try DiskPartitions.siblings(of: bootPartition)
            let found = siblings.first { $0.partitionLabel == partitionLabel } ?? siblings.first { $0.label == label }
            guard let found else { throw EffectError.noPartition(partitionLabel, label, of: bootPartition) }
            return found
        }
    }

    /// Lists the whole images of both partitions; the one that this role runs from is mounted already.
    ///
    /// A partition that cannot be read is logged and counts as empty: its images cannot be booted either.
    package func images(runningIn role: Role, log: KernelLog) throws -> [FoundImage] {
        let keys = MachinePaths.keyDirectories
        var images = try ImageInventory.whole(in: MachinePaths.store(role), place: role.place, keys: keys)
        let (source, place): (DeviceSource, FoundImage.Place) =
            role == .recovery ? (.state, .state) : (.recovery, .recovery)
        do {
            images += try TemporaryMount.readOnly(find(source)) { store in
                try ImageInventory.whole(in: store, place: place, keys: keys)
            }
        } catch { log.write("listing the images of \(source.description): \(error)", level: .warning) }
        return images
    }
}

extension Role {
    /// The partition that holds images of this role.
    package var place: FoundImage.Place { self == .recovery ? .recovery : .state }
}
