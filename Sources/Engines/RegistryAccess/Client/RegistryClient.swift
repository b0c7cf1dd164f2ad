import Faults
package import HTTPTransfer
import LinuxSystem
package import RegistryModel

/// Reads and writes one repository of a registry (OCI distribution specification 1.1).
///
/// Mirrors are asked in their order, then the registry itself; requests are repeated with growing pauses; every
/// document and every blob is checked by its digest.
package struct RegistryClient: ~Copyable {
    /// The longest answer to a question, other than manifests and blobs, in bytes.
    static let longestAnswer = 1 << 20
    /// The time for a question and its whole answer, other than blobs.
    static let documentTime: Duration = .seconds(60)

    /// Names what is read.
    package let reference: ImageReference
    /// How often requests are repeated.
    package var retries = RetryPolicy()
    /// Is called at least four times a second while something is under way.
    ///
    /// An error that it throws ends it at once and is thrown on.
    package var checkpoint: () throws -> Void

    var pool: HTTPPool
    let endpoints: [RegistryEndpoint]
    /// Places that failed in a way that will not pass soon; they are asked no more.
    var silent: Set<Int> = []
    var tokens: [TokenKey: AccessToken] = [:]

    /// For whom a token is good.
    struct TokenKey: Hashable {
        let endpoint: Int
        let access: Access
    }

    /// Prepares for reading and writing; asks nobody yet.
    ///
    /// - Throws: `RegistryError` (`local`) when credentials cannot be read or libcurl cannot be set up.
    package init(
        _ reference: ImageReference, _ configuration: RegistryConfiguration, userAgent: String = "lifeboot",
        checkpoint: @escaping () throws -> Void = {}
    ) throws(RegistryError) {
        try CredentialFiles.check(configuration)
        let endpoints = try RegistryEndpoint.all(for: reference, configuration)
        var settings = configuration.httpSettings
        settings.userAgent = userAgent
        self.init(reference, endpoints, try Self.pool(settings, reference), checkpoint)
    }

    private init(
        _ reference: ImageReference, _ endpoints: [RegistryEndpoint], _ pool: consuming HTTPPool,
        _ checkpoint: @escaping () throws -> Void
    ) {
        self.reference = reference
        self.endpoints = endpoints
        self.pool = pool
        self.checkpoint = checkpoint
    }

    private static func pool(
        _ settings: HTTPSettings, _ reference: ImageReference
    ) throws(RegistryError) -> HTTPPool {
        do throws(HTTPError) {
            return try HTTPPool(settings)
        } catch {
            throw RegistryError(error, "asking", reference.description)
        }
    }

    /// What was moved so far.
    package var traffic: Traffic {
        var traffic = Traffic()
        traffic.requests = pool.requests
        traffic.bytesReceived = pool.bytesReceived
        return traffic
    }

    /// How often the registry itself is asked before it is given up, at least once.
    package var attempts: Int {
        get { retries.attempts }
        set { retries.attempts = max(1, newValue) }
    }

    /// The numbers of the places to ask, in order; never empty.
    var places: [Int] {
        let awake = endpoints.indices.filter { !silent.contains($0) }
        return awake.isEmpty ? [endpoints.count - 1] : awake
    }
}

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
