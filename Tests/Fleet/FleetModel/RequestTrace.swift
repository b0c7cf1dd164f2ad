import JSONText

/// One request as a recording proxy saw it, and its answer.
package struct TracedRequest: Equatable, Sendable {
    /// What is asked for: the path, and the range where there is one.
    package var name: String
    /// Bytes of the request, head included.
    package var sent: Int
    /// Bytes of the answer, head included.
    package var received: Int
    /// The status of the answer.
    package var status: Int

    /// Describes a request.
    package init(_ name: String, sent: Int, received: Int, status: Int = 200) {
        (self.name, self.sent, self.received, self.status) = (name, sent, received, status)
    }

    /// Whether the answer never changes, so that a cache may keep it: what is asked for by digest, but for lists of what refers
    /// to a digest.
    package var isFixed: Bool { name.contains("/blobs/sha256:") || name.contains("/manifests/sha256:") }
}

/// What one machine asks for when it does one thing, in order.
package struct RequestTrace: Equatable, Sendable {
    /// The requests.
    package var requests: [TracedRequest]

    /// Takes requests.
    package init(_ requests: [TracedRequest]) { self.requests = requests }

    /// Bytes of all requests.
    package var sent: Int { requests.reduce(0) { $0 + $1.sent } }
    /// Bytes of all answers.
    package var received: Int { requests.reduce(0) { $0 + $1.received } }
}

/// What was recorded in front of one server.
package struct RecordedTraces: Equatable, Sendable {
    /// What a machine does.
    package enum Deed: String, CaseIterable, Sendable {
        /// It polls, and finds nothing new.
        case poll
        /// It polls, and the channel was published anew.
        case renewed
        /// It fetches an image of which one package is new.
        case fix
        /// It fetches an image of which it has nothing.
        case full

        /// For the tables.
        package var words: String {
            switch self {
            case .poll: "poll, nothing new"
            case .renewed: "poll, the channel was published anew"
            case .fix: "upgrade, one source package is new (OpenSSL)"
            case .full: "upgrade, nothing is there to copy"
            }
        }
    }

    /// The name of the server.
    package var server: String
    /// The requests, by what was done.
    package var traces: [Deed: RequestTrace]

    /// Takes traces.
    package init(server: String, traces: [Deed: RequestTrace]) { (self.server, self.traces) = (server, traces) }

    /// The requests of a deed; none where it was not recorded.
    package subscript(deed: Deed) -> RequestTrace { traces[deed] ?? RequestTrace([]) }

    /// Reads what `scripts/bench-fleet` has recorded: an object with a member for each server, in it one for each deed, a list of
    /// what the proxy noted.
    ///
    /// - Throws: `JSONError` when it is no JSON; what is not noted as it should be is left out.
    package static func read(_ bytes: [UInt8]) throws -> [RecordedTraces] {
        let json = try JSONValue(parsing: bytes)
        return (json.object?.members ?? []).map { server in
            var traces: [Deed: RequestTrace] = [:]
            for deed in Deed.allCases {
                let requests = server.value[deed.rawValue]?.elements ?? []
                traces[deed] = RequestTrace(requests.compactMap(request))
            }
            return RecordedTraces(server: server.name, traces: traces)
        }
    }

    private static func request(_ json: JSONValue) -> TracedRequest? {
        guard let path = json["path"]?.text, let sent = json["sent"]?.integer, let received = json["received"]?.integer,
            let status = json["status"]?.integer
        else { return nil }
        let name = [path, json["range"]?.text].compactMap(\.self).joined(separator: " ")
        return TracedRequest(name, sent: Int(sent), received: Int(received), status: Int(status))
    }
}
