import CLinux
import Glibc
import LinuxSystem
import SystemPackage

/// Asks the kernel about interfaces, addresses and routes, and changes them.
struct RouteSocket: ~Copyable {
    /// What it hears of without being asked (`RTMGRP_…`).
    struct Groups: OptionSet {
        let rawValue: UInt32
        static let links = Groups(rawValue: 0x001)
        static let addresses = Groups(rawValue: 0x110)
    }

    /// The kernel answers at once; more than this is a fault.
    private static let patience = Duration.seconds(5)

    private let owner: OwnedDescriptor
    private var sequence: UInt32 = 0

    /// Opens a socket.
    ///
    /// - Throws: `Errno` when the kernel has no such thing.
    init(hearing groups: Groups = []) throws(Errno) {
        let descriptor = try systemCall { clinux_route_socket(groups.rawValue) }
        owner = OwnedDescriptor(owning: FileDescriptor(rawValue: descriptor))
    }

    /// Has something done.
    ///
    /// - Throws: the kernel's `Errno`.
    mutating func change(_ message: RouteMessage) throws(Errno) { _ = try exchange(message) }

    /// Lists everything of a kind.
    ///
    /// - Throws: the kernel's `Errno`.
    mutating func list(_ kind: UInt16, _ fixed: [UInt8]) throws(Errno) -> [RouteMessage] {
        try exchange(RouteMessage(kind, [.request, .dump], fixed))
    }

    /// Sends a message, and takes what belongs to it up to its end.
    private mutating func exchange(_ message: RouteMessage) throws(Errno) -> [RouteMessage] {
        sequence += 1
        let own = sequence
        let (bytes, descriptor) = (message.bytes(sequence: own), owner.descriptor.rawValue)
        _ = try systemCall { unsafe send(descriptor, bytes, bytes.count, 0) }
        let deadline = Deadline.after(Self.patience)
        var answers: [RouteMessage] = []
        while true {
            guard let received = try receive(until: deadline) else { throw .timedOut }
            for (sequence, answer) in RouteMessage.parse(received) where sequence == own {
                switch answer.kind {
                case RouteMessage.Kind.done: return answers
                case RouteMessage.Kind.error:
                    let code: Int32 = KernelBytes.read(answer.body, at: 0) ?? 0
                    if code != 0 { throw Errno(rawValue: -code) }
                    return answers
                default: answers.append(answer)
                }
            }
        }
    }

    /// Waits until something that it hears of has changed; false when the deadline passed first.
    ///
    /// - Throws: `Errno` when the socket fails; lost messages count as a change.
    borrowing func waitForChange(until deadline: Deadline) throws(Errno) -> Bool {
        do throws(Errno) { return try receive(until: deadline) != nil } catch {
            if error == .noBufferSpace { return true }
            throw error
        }
    }

    /// Takes what came at once; nil when nothing did until the deadline.
    private borrowing func receive(until deadline: Deadline) throws(Errno) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let descriptor = owner.descriptor.rawValue
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if try systemCall({ unsafe poll(&watched, 1, deadline.pollTimeout) }) == 0 { return nil }
        let count = try systemCall { unsafe recv(descriptor, &buffer, buffer.count, 0) }
        return Array(buffer.prefix(count))
    }
}
