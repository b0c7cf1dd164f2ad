import Foundation
import Glibc
import Synchronization

/// A UNIX socket on which QEMU connects to us and both sides send lines.
///
/// We listen and QEMU connects, so that nobody has to try again until the other side is there.
final class LineSocket: Sendable {
    /// The lines that arrive; closed when the connection ends.
    let lines = Mailbox<String>()
    private let connection = Mutex<Int32?>(nil)

    /// Listens on `path`, which must be shorter than 108 bytes; throws when it cannot.
    init(listeningOn path: String) throws {
        let listener = try Self.listen(on: path)
        let (stream, arrivals) = AsyncStream.makeStream(of: String.self)
        let lines = lines
        Task {
            for await line in stream { await lines.post(line) }
            await lines.close()
        }
        Thread.detachNewThread { [self] in
            defer { arrivals.finish() }
            defer { Glibc.close(listener) }
            guard let socket = Self.accept(on: listener, milliseconds: 30_000) else { return }
            connection.withLock { $0 = socket }
            Self.read(from: socket) { arrivals.yield($0) }
            connection.withLock { $0 = nil }
            Glibc.close(socket)
        }
    }

    /// Sends one line; throws when QEMU is not connected.
    func send(_ line: String) throws { try send(bytes: Array((line + "\n").utf8)) }

    /// Sends bytes as they are; throws when QEMU is not connected.
    func send(bytes: [UInt8]) throws {
        try connection.withLock { socket in
            guard let socket else { throw MachineError("send to QEMU", "it is not connected") }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { throw MachineError("send to QEMU", String(cString: strerror(errno))) }
                rest = rest.dropFirst(count)
            }
        }
    }

    private static func listen(on path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard path.utf8.count < field.count else { return false }
            field.copyBytes(from: path.utf8)
            return true
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard fits, isBound, Glibc.listen(descriptor, 1) == 0 else {
            throw MachineError("listen on \(path)", String(cString: strerror(errno)))
        }
        return descriptor
    }

    private static func accept(on listener: Int32, milliseconds: Int32) -> Int32? {
        var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) == 1 else { return nil }
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { return nil }
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        return socket
    }

    private static func read(from socket: Int32, deliver: (String) -> Void) {
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(socket, &buffer, buffer.count)
            guard count > 0 else { return }
            for byte in buffer.prefix(count) {
                guard byte == UInt8(ascii: "\n") else {
                    pending.append(byte)
                    continue
                }
                deliver(String(decoding: pending, as: UTF8.self))
                pending.removeAll(keepingCapacity: true)
            }
        }
    }
}
