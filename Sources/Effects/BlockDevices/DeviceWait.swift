package import LinuxSystem
package import SystemLayout
import SystemPackage

/// Waits for a block device by the kernel's events: no polling, no udev.
package enum DeviceWait {
    /// How long other devices may take to answer once one with the name is there.
    private static let settling = Duration.seconds(2)
    /// How long the right device may stay away once only another one with its name is there.
    private static let patience = Duration.seconds(10)

    /// Returns the device that a reference names as soon as it is there.
    ///
    /// Listens first and looks second, so that nothing that appears between the two is missed; afterwards only devices
    /// that an event names are looked at. Each disk is looked at beside the others, so that one that does not answer is
    /// not waited for. A path may be a link to a node that the kernel made.
    ///
    /// - Parameters:
    ///   - rule: what is done when nothing tells several devices of the name apart.
    ///   - isMeant: tells whether a device with the name is the one that is meant; nil when it cannot. Called on a thread
    ///     of its own.
    ///   - whileWaiting: called every few seconds, so that a watchdog can be served.
    /// - Returns: the device, and a note when others have its name.
    /// - Throws: `BlockDeviceError` when it is not there in time (with what is, and what could not be read), or when
    ///   several devices have the name.
    package static func wait(
        for reference: DeviceReference, until deadline: Deadline, rule: DeviceChoice.Rule = .refuse,
        isMeant: @escaping @Sendable (BlockDevice) -> Bool? = { _ in nil }, whileWaiting: () -> Void = {}
    ) throws(BlockDeviceError) -> (device: BlockDevice, note: String?) {
        try wait(for: .named(reference), until: deadline, rule: rule, whileWaiting: whileWaiting) {
            (path) throws(BlockDeviceError) in
            let device = try BlockDevice.probe(path, for: reference)
            return DeviceSighting(device, isMeant: device.matches(reference) ? isMeant(device) : nil)
        }
    }

    /// Returns a device by what it carries, as soon as one is there.
    ///
    /// - Parameters:
    ///   - query: what it carries, in words.
    ///   - carries: looks into a device. Called on a thread of its own for each disk.
    ///   - whileWaiting: called every few seconds, so that a watchdog can be served.
    /// - Returns: the device, and a note when another disk carries the same.
    /// - Throws: `BlockDeviceError` when none is there in time.
    package static func wait(
        forOneWith query: String, until deadline: Deadline, whileWaiting: () -> Void = {},
        carries: @escaping @Sendable (BlockDevice) throws(BlockDeviceError) -> Bool
    ) throws(BlockDeviceError) -> (device: BlockDevice, note: String?) {
        try wait(for: .carrying(query), until: deadline, whileWaiting: whileWaiting) {
            (path) throws(BlockDeviceError) in
            let device = try BlockDevice.probe(path)
            return DeviceSighting(device, isMeant: try carries(device))
        }
    }

    /// The same with another way to look at a device.
    static func wait(
        for query: DeviceQuery, until deadline: Deadline, rule: DeviceChoice.Rule = .refuse,
        whileWaiting: () -> Void = {}, look: @escaping DeviceProbes.Look
    ) throws(BlockDeviceError) -> (device: BlockDevice, note: String?) {
        let result: Result<(device: BlockDevice, note: String?), BlockDeviceError>
        do throws(SystemError) {
            let socket = try UeventSocket()
            var search = DeviceSearch(query, rule, try DeviceProbes(look), settling: settling, patience: patience)
            result = try wait(&search, deadline, socket, whileWaiting)
        } catch { throw .list("/sys", "\(error)", underlying: error) }
        return try result.get()
    }

    private static func wait(
        _ search: inout DeviceSearch, _ deadline: Deadline, _ socket: borrowing UeventSocket,
        _ whileWaiting: () -> Void
    ) throws(SystemError) -> Result<(device: BlockDevice, note: String?), BlockDeviceError> {
        var message = UeventSocket.Message.lost
        while true {
            do throws(BlockDeviceError) {
                try search.update(by: message)
                if let found = try search.answer() { return .success(found) }
                if deadline.isPast { throw search.notFound }
            } catch { return .failure(error) }
            message = try socket.next(until: search.turn(before: deadline), or: search.probes.signal)
            whileWaiting()
        }
    }
}
