import CLinux
import Glibc
import SystemPackage

/// Listens to what the kernel says about devices, without udev.
package struct UeventSocket: ~Copyable {
    /// What came.
    package enum Message: Equatable, Sendable {
        /// A device changed.
        case event(Uevent)
        /// Messages were lost; look at all devices again.
        case lost
        /// The deadline passed.
        case timedOut
        /// Somebody raised the signal.
        case woken
    }

    private let owner: OwnedDescriptor

    /// Starts listening; messages from now on are kept until they are read.
    /// - Throws: `SystemError` when the kernel has no netlink.
    package init() throws(SystemError) {
        do throws(Errno) {
            owner = OwnedDescriptor(owning: FileDescriptor(rawValue: try systemCall { clinux_uevent_socket() }))
        } catch {
            throw .uevents(error)
        }
    }

    /// Returns the next message, waiting for one until the deadline or the signal.
    /// - Throws: `SystemError` when the socket fails; a full buffer is `.lost` and no error.
    package borrowing func next(until deadline: Deadline, or signal: WakeSignal) throws(SystemError) -> Message {
        do throws(Errno) {
            while true {
                if signal.take() { return .woken }
                if let message = try receive() { return message }
                var watched = [owner.descriptor.rawValue, signal.watched].map {
                    pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
                }
                let ready = try systemCall { unsafe poll(&watched, nfds_t(watched.count), deadline.pollTimeout) }
                if ready == 0 { return .timedOut }
            }
        } catch {
            throw .uevents(error)
        }
    }

    /// Takes one message without waiting; nil when there is none.
    private borrowing func receive() throws(Errno) -> Message? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let descriptor = owner.descriptor.rawValue
        while true {
            let count = unsafe clinux_uevent_receive(descriptor, &buffer, buffer.count)
            if count < 0 {
                switch Errno(rawValue: errno) {
                case .wouldBlock, .resourceTemporarilyUnavailable: return nil
                case .noBufferSpace: return .lost
                case .interrupted: continue
                case let error: throw error
                }
            }
            if let event = Uevent(buffer.prefix(count)) { return .event(event) }
        }
    }
}

/// One message of the kernel about a device (kobject_uevent(9)): `add@/devices/…`, then `KEY=value`s, NUL-separated.
package struct Uevent: Equatable, Sendable {
    /// What happened: `add`, `remove`, `change` and others.
    package let action: String
    /// The device's folder below `/sys`.
    package let devicePath: String
    /// All variables by name.
    package let variables: [String: String]

    /// Reads a message; nil when its head is not `action@path`.
    ///
    /// Parts without an equals sign are left out.
    package init?(_ message: some Sequence<UInt8>) {
        var parts = Array(message).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }[...]
        guard let head = parts.popFirst(), let at = head.firstIndex(of: "@") else { return nil }
        action = String(head[..<at])
        devicePath = String(head[head.index(after: at)...])
        var variables: [String: String] = [:]
        for part in parts {
            guard let equals = part.firstIndex(of: "=") else { continue }
            variables[String(part[..<equals])] = String(part[part.index(after: equals)...])
        }
        guard !action.isEmpty, devicePath.hasPrefix("/") else { return nil }
        self.variables = variables
    }

    /// The kernel's name of the block device that this is about, such as `vda3`; nil for other kinds.
    package var blockDevice: String? {
        variables["SUBSYSTEM"] == "block" ? variables["DEVNAME"] : nil
    }

    /// The name of the disk's folder in `/sys` when this is about a disk or its partition: a partition's lies in it.
    package var disk: String? {
        let isPartition = variables["DEVTYPE"] == "partition"
        return devicePath.split(separator: "/").dropLast(isPartition ? 1 : 0).last.map(String.init)
    }
}
