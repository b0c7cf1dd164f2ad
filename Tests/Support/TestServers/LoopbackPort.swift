import Glibc

/// Finds ports of the loopback for servers that have to be told theirs, and sees whether they listen.
package enum LoopbackPort {
    /// Below what Linux gives to outgoing connections (`ip_local_port_range` starts at 32768): one of those could
    /// otherwise take the port before the server does.
    private static let candidates = 20_000..<32_768

    /// Returns a port that nobody has now.
    ///
    /// - Throws: `ServerError` when there is none in a hundred.
    package static func free() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: candidates)
            if try with(port, bind) { return port }
        }
        throw ServerError("no free port of 127.0.0.1")
    }

    /// Says whether somebody accepts connections.
    package static func listens(_ port: Int) -> Bool { (try? with(port, connect)) ?? false }

    private static func with(
        _ port: Int, _ call: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ServerError("no socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
