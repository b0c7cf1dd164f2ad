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
    /// Sends a request and collects the body; only this request may run.
    ///
    /// - Parameters:
    ///   - request: should have `longestBody` and `totalTime`, as an answer may be endless.
    ///   - checkpoint: is called at least four times a second; an error that it throws ends the request and is
    ///     thrown on.
    /// - Throws: `HTTPError` when no complete answer came; a status other than 2xx is not an error.
    package mutating func document(
        _ request: HTTPRequest, checkpoint: () throws -> Void = {}
    ) throws -> HTTPDocument {
        let id = try start(request)
        defer { cancel(id) }
        var head: HTTPHead?
        var body: [UInt8] = []
        while true {
            try checkpoint()
            switch try next() {
            case .head(_, let value): head = value
            case .bytes(_, let bytes): body += bytes
            case .failed(_, let error): throw error
            case .idle: break
            case .ended:
                guard let head else { throw HTTPError.library() }
                return HTTPDocument(head: head, body: body)
            }
        }
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
