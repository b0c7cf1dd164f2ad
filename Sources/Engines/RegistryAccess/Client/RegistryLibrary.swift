import Faults
import HTTPTransfer
import LinuxSystem

/// Says what registries are asked with, and whether it works.
package enum RegistryLibrary {
    /// Sends a request to a port of this machine where nobody listens, by name, and returns the library's version.
    ///
    /// That needs name resolution, the event loop and TLS to be set up, and no network.
    ///
    /// - Throws: when anything but "connection refused" comes of it.
    package static func selfTest() throws -> String {
        // Port 1 (tcpmux, RFC 1078) is in nobody's use.
        var request = HTTPRequest(.get, try HTTPAddress("https://localhost:1/v2/"))
        request.totalTime = .seconds(5)
        var pool = try HTTPPool()
        do {
            _ = try pool.document(request)
        } catch let error as HTTPError where error.kind == .unreachable {
            return CurlLibrary.version
        }
        throw RegistryError.misbehaving("asking", "localhost:1", "something answers there")
    }
}
