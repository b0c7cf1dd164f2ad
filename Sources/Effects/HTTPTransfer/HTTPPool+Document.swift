package import LinuxSystem

/// An answer with its whole body.
package struct HTTPDocument: Sendable {
    /// Status and headers.
    package let head: HTTPHead
    /// The body; of a refusal at most its first 64 KiB.
    package let body: [UInt8]

    /// Pairs a head with what came after it.
    package init(head: HTTPHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}

extension HTTPPool {
    /// Sends a request and gives the body away as it comes; only this request may run.
    ///
    /// - Parameters:
    ///   - request: should have `longestBody`, as an answer may be endless.
    ///   - deadline: the end of all of it, redirects included.
    ///   - checkpoint: is called at least four times a second; an error that it throws ends the request and is
    ///     thrown on.
    ///   - take: takes the next bytes; an error that it throws ends the request and is thrown on.
    /// - Returns: the head of the answer.
    /// - Throws: `HTTPError` when no complete answer came in time; a status other than 2xx is not an error.
    package mutating func stream(
        _ request: HTTPRequest, until deadline: Deadline = .never, checkpoint: () throws -> Void = {},
        _ take: (HTTPHead, [UInt8]) throws -> Void
    ) throws -> HTTPHead {
        var request = request
        if let left = deadline.remaining { request.totalTime = min(left, request.totalTime ?? left) }
        let id = try start(request)
        defer { cancel(id) }
        var head: HTTPHead?
        while true {
            try checkpoint()
            // Each redirect has its own time at libcurl.
            if deadline.isPast { throw HTTPError.late(request) }
            switch try next() {
            case .head(_, let value): head = value
            case .bytes(_, let bytes): if let head { try take(head, bytes) }
            case .failed(_, let error): throw error
            case .idle: break
            case .ended:
                guard let head else { throw HTTPError.library() }
                return head
            }
        }
    }

    /// Sends a request and collects the body; only this request may run.
    ///
    /// - Parameters:
    ///   - request: should have `longestBody`, as an answer may be endless, and `totalTime` where there is no deadline.
    ///   - deadline: as in `stream`.
    ///   - checkpoint: as in `stream`.
    /// - Throws: as `stream`.
    package mutating func document(
        _ request: HTTPRequest, until deadline: Deadline = .never, checkpoint: () throws -> Void = {}
    ) throws -> HTTPDocument {
        var body: [UInt8] = []
        let head = try stream(request, until: deadline, checkpoint: checkpoint) { body += $1 }
        return HTTPDocument(head: head, body: body)
    }

    /// Waits until a deadline, for instance before another attempt.
    ///
    /// - Parameter checkpoint: as in `document`.
    package mutating func wait(until deadline: Deadline, checkpoint: () throws -> Void = {}) throws {
        while !deadline.isPast {
            try checkpoint()
            try pause(atMost: deadline.pollTimeout)
        }
    }
}
