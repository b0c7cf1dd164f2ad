import Faults
import LinuxSystem
import SystemLayout
package import SystemPackage

extension BlockDevice {
    /// Reads what is on a device, or on a file that holds one.
    /// - Throws: `BlockDeviceError` when it cannot be opened or its partition table cannot be read. A file system that
    ///   cannot be read is the device's `problem`.
    package static func probe(_ path: FilePath) throws(BlockDeviceError) -> BlockDevice {
        var device = try probePartition(path)
        try BlockProbe.open(path).readFilesystem(into: &device)
        return device
    }

    /// Reads where a device stands in its disk's partition table, and not what is on it.
    ///
    /// - Throws: `BlockDeviceError` when it cannot be opened or its partition table cannot be read.
    package static func probePartition(_ path: FilePath) throws(BlockDeviceError) -> BlockDevice {
        let status: FileStatus?
        do throws(SystemError) { status = try FileStatus.of(path) } catch { throw .unreadable(path, error) }
        guard let status else { throw .unreadable(path, "no such file or directory") }
        var device = BlockDevice(path: path)
        guard status.kind == .blockDevice else { return device }
        (device.major, device.minor) = status.device
        device.disk = try SysfsBlock().disk(major: device.major, minor: device.minor)
        // Only a partition is an entry of a table.
        if device.disk != nil { try BlockProbe.open(path).readPartition(into: &device) }
        return device
    }
}

extension BlockDevice {
    /// Reads of a device what it takes to say whether a reference names it: a filesystem is looked at only where it counts.
    ///
    /// - Throws: as `probe(_:)`.
    static func probe(_ path: FilePath, for reference: DeviceReference) throws(BlockDeviceError) -> BlockDevice {
        switch reference {
        case .label, .uuid, .path: return try probe(path)
        case .partitionUUID, .partitionLabel:
            let device = try probePartition(path)
            return device.matches(reference) ? try probe(path) : device
        }
    }
}

/// What looking at block devices has found.
struct BlockDeviceScan: Equatable, Sendable {
    /// The devices that could be read, by name.
    var sightings: [DeviceSighting] = []
    /// One sentence for each that could not.
    var problems: [String] = []

    /// The devices that could be read.
    var devices: [BlockDevice] { sightings.map(\.device) }

    /// Adds what was found of one device, in place of what was known of it.
    mutating func note(_ finding: DeviceProbes.Finding) {
        forget(finding.path)
        switch finding.result {
        case .success(let sighting):
            sightings.append(sighting)
            if let problem = sighting.device.problem { problems.append("\(finding.path): \(problem)") }
        case .failure(let error): problems.append("\(finding.path): \(error.cause)")
        }
    }

    /// Drops what was known of a device.
    mutating func forget(_ path: FilePath) {
        sightings.removeAll { $0.device.path == path }
        problems.removeAll { $0.hasPrefix("\(path): ") }
    }

    /// The devices that a reference names; a path may be a link.
    func sightings(of reference: DeviceReference) -> [DeviceSighting] {
        guard case .path(let path) = reference else { return sightings.filter { $0.device.matches(reference) } }
        let node = Self.target(of: path)
        return sightings.filter { $0.device.path == path || $0.device.path == node }
    }

    /// The kernel's own node for a path that leads to a block device; nil for another path.
    static func target(of path: FilePath) -> FilePath? {
        let status = try? FileStatus.of(path)
        guard let status, status.kind == .blockDevice else { return nil }
        return try? SysfsBlock().node(major: status.device.major, minor: status.device.minor)
    }
}
