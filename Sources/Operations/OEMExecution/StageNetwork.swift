import Faults
package import HTTPTransfer
import LinuxSystem
package import RegistryModel

/// Fetches what files of configuration name by address, and holds the bounds of it.
package struct StageNetwork: Sendable {
    /// Asks, and asks again.
    package var fetch = HTTPFetch()
    /// The largest file of `downloads`, in bytes; it never holds more than there is room for, either.
    package var largestFile = 16 << 30
    /// The longest list of keys, in bytes.
    package var longestKeys = 256 << 10
    /// Time for one list of keys, with all attempts.
    package var keyTime = Duration.seconds(30)
    /// Time for all layers of one container image.
    package var imageTime = Duration.seconds(3600)
    /// How registries are reached; nil takes what this machine's configuration says.
    package var registries: RegistryConfiguration?
    /// How often the content of a file is asked for, as cloud-init does.
    private static let contentAttempts = 3

    /// Takes the defaults.
    package init() {}

    /// A short text.
    func text(
        _ address: String, headers: [(name: String, value: String)] = [], limit: Int, within time: Duration
    ) throws -> [UInt8] {
        var request = HTTPRequest(.get, try HTTPAddress(address))
        request.longestBody = limit
        // Credentials stay behind when another server is asked.
        request.authorization = headers.first { $0.name.lowercased() == "authorization" }?.value
        request.headers = headers.filter { $0.name.lowercased() != "authorization" }
        var fetch = fetch
        fetch.retries.attempts = min(fetch.retries.attempts, Self.contentAttempts)
        do { return try fetch.bytes(request, until: .after(time)) } catch let error as HTTPError {
            throw Self.fitted(error)
        }
    }

    /// A file as it comes.
    ///
    /// - Parameters:
    ///   - begin: is called before each attempt; what came before does not count then.
    ///   - take: takes the length of the whole, where the server says it, and the next bytes.
    func file(
        _ address: HTTPAddress, within time: Duration, begin: () throws -> Void, _ take: (Int?, [UInt8]) throws -> Void
    ) throws {
        var request = HTTPRequest(.get, address)
        request.longestBody = largestFile
        do {
            try fetch.stream(request, until: .after(time), begin: begin) { try take($0.contentLength, $1) }
        } catch let error as HTTPError { throw Self.fitted(error) }
    }

    /// The same error with what the author of a file can do.
    private static func fitted(_ error: HTTPError) -> HTTPError {
        var error = error
        switch error.kind {
        case .untrusted: error.remedy = "Check this machine's clock, and bring the server's authority with 'ca_certs'."
        case .insecure: error.remedy = "Name an address that stays with https."
        default: break
        }
        return error
    }
}
