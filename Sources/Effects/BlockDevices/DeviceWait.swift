package import LinuxSystem
package import SystemLayout
import SystemPackage

/// Waits for a block device by the kernel's events: no polling, no udev.
package enum DeviceWait {
    /// Returns the device that a reference names as soon as it is there.
    ///
    /// Listens first and looks second, so that nothing that appears between the two is missed; afterwards only devices
    /// that an event names are looked at. A path may be a link to a node that the kernel made.
    ///
    /// - Parameter whileWaiting: called every few seconds, so that a watchdog can be served.
    /// - Throws: `BlockDeviceError` when it is not there in time (with what is, and what could not be read), or when
    ///   several devices have the name.
    package static func wait(
        for reference: DeviceReference, until deadline: Deadline, whileWaiting: () -> Void = {}
    ) throws(BlockDeviceError) -> BlockDevice {
        let result: Result<BlockDevice, BlockDeviceError>
        do throws(SystemError) { result = try wait(reference, deadline, UeventSocket(), whileWaiting) } catch {
            throw .list("/sys", "\(error)", underlying: error)
        }
        return try result.get()
    }

    private static func wait(
        _ reference: DeviceReference, _ deadline: Deadline, _ socket: borrowing UeventSocket,
        _ whileWaiting: () -> Void
    ) throws(SystemError) -> Result<BlockDevice, BlockDeviceError> {
        var scan = BlockDeviceScan()
        var message = UeventSocket.Message.lost
        while true {
            do throws(BlockDeviceError) {
                if case .timedOut = message {
                    throw .notFound(reference, seen: scan.devices, problems: scan.problems)
                }
                try scan.update(by: message)
                if let device = try scan.only(reference) { return .success(device) }
            } catch {
                return .failure(error)
            }
            repeat {
                message = try socket.next(until: deadline.turn)
                whileWaiting()
            } while message == .timedOut && !deadline.isPast
        }
    }
}

extension BlockDeviceScan {
    /// Looks again at what a message is about.
    mutating func update(by message: UeventSocket.Message) throws(BlockDeviceError) {
        switch message {
        case .timedOut: break
        case .lost: self = try .all()
        case .event(let event):
            guard let name = event.blockDevice else { return }
            // In an event the kernel has already put slashes into the name.
            let path = SysfsBlock.node(name)
            if event.action == "remove" { forget(path) } else { add(path) }
        }
    }

    /// Returns the device that a reference names; nil when none does.
    /// - Throws: `BlockDeviceError` when several do.
    func only(_ reference: DeviceReference) throws(BlockDeviceError) -> BlockDevice? {
        if case .path(let path) = reference { return named(path) }
        let found = devices.filter { $0.matches(reference) }
        if found.count > 1 { throw .ambiguous(reference, found) }
        return found.first
    }

    /// Returns the device at a path, which may be a link.
    private func named(_ path: FilePath) -> BlockDevice? {
        if let device = devices.first(where: { $0.path == path }) { return device }
        let status = try? FileStatus.of(path)
        guard let status, status.kind == .blockDevice else { return nil }
        return devices.first { ($0.major, $0.minor) == status.device }
    }
}
