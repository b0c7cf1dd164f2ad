import Faults
import HTTPTransfer
import LinuxSystem
import SystemPackage

/// One request for what a source has.
struct SourceRequest: Sendable {
    var method = HTTPRequest.Method.get
    var address: String
    var headers: [(name: String, value: String)] = []
    /// Whether it is one to a cloud's own server: no proxy, no other server in its place.
    var isMetadata = false
    /// Whether it must come from a port below 1024.
    var needsLowPort = false

    init(_ address: String) { self.address = address }

    /// The address for messages: a query, or a name before an `@`, may be a secret.
    var withoutQuery: String { (try? HTTPAddress(address))?.withoutQuery ?? "an address" }
}

/// An answer, whatever its status.
struct SourceResponse: Equatable, Sendable {
    var status: Int
    var body: [UInt8] = []
}

/// Asks servers; tests have another one.
protocol SourceClient: Sendable {
    /// Sends a request and waits for the whole answer, until the deadline at most.
    func answer(_ request: SourceRequest, until deadline: Deadline) throws(HTTPError) -> SourceResponse
}

/// Asks servers over the network.
struct NetworkClient: SourceClient {
    let limits: DataSourceLimits
    /// The file of authorities that are trusted; nil takes those of this machine.
    var authorities: FilePath?
    /// Time for a connection: a server that is there is near.
    static let connectTime = Duration.seconds(3)
    /// Time for one request, so that another address has its turn.
    static let requestTime = Duration.seconds(5)
    /// What fails more slowly is not tried again.
    var quick = Duration.seconds(1)
    /// The time before each other attempt.
    var pauses: [Duration] = [.milliseconds(500), .seconds(1)]

    func answer(_ request: SourceRequest, until deadline: Deadline) throws(HTTPError) -> SourceResponse {
        for pause in pauses {
            let start = MonotonicClock.now()
            do throws(HTTPError) {
                let response = try once(request, until: deadline)
                guard response.status == 429 || response.status >= 500 else { return response }
            } catch {
                guard error.isTransient, MonotonicClock.now() - start < quick else { throw error }
            }
            guard (deadline.remaining ?? pause * 2) > pause else { break }
            try rest(pause)
        }
        return try once(request, until: deadline)
    }

    private func once(_ request: SourceRequest, until deadline: Deadline) throws(HTTPError) -> SourceResponse {
        let address = try HTTPAddress(request.address)
        let time = min(deadline.remaining ?? Self.requestTime, Self.requestTime)
        let end = Deadline.after(time)
        var settings = HTTPSettings()
        settings.connectTime = Self.connectTime
        settings.authorityFile = authorities
        settings.plainAuthorities = address.isSecure ? [] : [address.authority]
        var sent = HTTPRequest(request.method, address)
        sent.headers = request.headers
        sent.longestBody = limits.answer
        sent.totalTime = time
        sent.isDirect = request.isMetadata || Self.isLinkLocal(address.host)
        if request.isMetadata { sent.longestChain = 0 }
        if request.needsLowPort { sent.localPorts = 600..<1024 }
        return try document(sent, settings, until: end)
    }

    /// Whether a host is only reached on the same link (RFC 3927, RFC 4291), where no proxy is on the way.
    static func isLinkLocal(_ host: String) -> Bool {
        host.hasPrefix("169.254.") && host.allSatisfy { $0 == "." || $0.isNumber } || host.hasPrefix("[fe80:")
    }

    private func document(
        _ request: HTTPRequest, _ settings: HTTPSettings, until end: Deadline
    ) throws(HTTPError) -> SourceResponse {
        var pool = try HTTPPool(settings)
        do {
            let document = try pool.document(request, until: end)
            return SourceResponse(status: document.head.status, body: document.body)
        } catch let error as HTTPError { throw error } catch {
            throw HTTPError(
                .local, request.method.rawValue, request.address.withoutQuery, because: error, remedy: "")
        }
    }

    private func rest(_ time: Duration) throws(HTTPError) {
        var pool = try HTTPPool()
        do { try pool.wait(until: .after(time)) } catch let error as HTTPError { throw error } catch {}
    }
}
