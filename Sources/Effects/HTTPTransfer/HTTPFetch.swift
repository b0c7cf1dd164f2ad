package import LinuxSystem

/// Fetches what an address has, and tries again after failures that may pass.
package struct HTTPFetch: Sendable {
    /// What holds for all requests; plain HTTP is allowed to an address that was asked for by it.
    package var settings = HTTPSettings()
    /// How often, and after which pauses, a request is repeated.
    package var retries = RetryPolicy()

    /// Takes the defaults.
    package init() {}

    /// Gives the body away as it comes.
    ///
    /// - Parameters:
    ///   - request: should have `longestBody`, as an answer may be endless.
    ///   - deadline: the end of all of it: attempts, redirects and pauses.
    ///   - begin: is called before each attempt; what came before does not count then.
    ///   - take: takes the next bytes.
    /// - Throws: `HTTPError` when it could not be had, and what the closures throw.
    package func stream(
        _ request: HTTPRequest, until deadline: Deadline, begin: () throws -> Void,
        _ take: (HTTPHead, [UInt8]) throws -> Void
    ) throws {
        var settings = settings
        if !request.address.isSecure { settings.plainAuthorities.insert(request.address.authority) }
        var pool = try HTTPPool(settings)
        var patience = Patience(retries, attempts: retries.attempts)
        while true {
            try begin()
            let (failure, pause) = try attempt(request, until: deadline, &pool, &patience, take)
            guard let failure else { return }
            guard let pause, pause < deadline.remaining ?? .seconds(Int64.max) else { throw failure }
            try pool.wait(until: .after(pause))
        }
    }

    /// Tries once; gives the failure, and the pause after which it may pass.
    private func attempt(
        _ request: HTTPRequest, until deadline: Deadline, _ pool: inout HTTPPool, _ patience: inout Patience,
        _ take: (HTTPHead, [UInt8]) throws -> Void
    ) throws -> (HTTPError?, Duration?) {
        do {
            let head = try pool.stream(request, until: deadline) { head, bytes in
                if head.status == 200 { try take(head, bytes) }
            }
            if head.status == 200 { return (nil, nil) }
            return (.status(request, head), head.asksForPatience ? patience.pause(after: head) : nil)
        } catch let error as HTTPError where error.isTransient {
            return (error, patience.pause(after: nil, isStandstill: error.isStandstill))
        }
    }

    /// Collects the body.
    ///
    /// - Throws: `HTTPError` when it could not be had, or is longer than the request allows.
    package func bytes(_ request: HTTPRequest, until deadline: Deadline) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try stream(request, until: deadline, begin: { bytes = [] }, { bytes += $1 })
        return bytes
    }
}
