import Faults
import HTTPTransfer
import LinuxSystem
import Synchronization

@testable import DataSources

/// Answers requests from a table of addresses, and remembers them.
final class FakeClient: SourceClient {
    enum Reply: Sendable {
        case text(String)
        case bytes([UInt8])
        case status(Int)
        case failure(HTTPFault)
        /// Nothing, until the deadline.
        case silence
        /// The text, only for requests with a header of this value, else status 401.
        case secret(header: String, value: String, text: String)
        /// The text, after some time.
        case slow(Duration, String)
    }

    private let replies: [String: Reply]
    private let seen = Mutex<[SourceRequest]>([])

    init(_ replies: [String: Reply]) { self.replies = replies }

    /// All requests so far, as `METHOD address`.
    var log: [String] { seen.withLock { $0.map { "\($0.method.rawValue) \($0.address)" } } }
    /// All requests so far.
    var requests: [SourceRequest] { seen.withLock { $0 } }

    func answer(_ request: SourceRequest, until deadline: Deadline) throws(HTTPError) -> SourceResponse {
        seen.withLock { $0.append(request) }
        let key = "\(request.method.rawValue) \(request.address)"
        switch replies[key] ?? replies[request.address] ?? .status(404) {
        case .text(let text): return SourceResponse(status: 200, body: Array(text.utf8))
        case .bytes(let bytes): return SourceResponse(status: 200, body: bytes)
        case .status(let status): return SourceResponse(status: status)
        case .failure(let kind): throw Self.error(kind)
        case .silence:
            wait(until: deadline)
            throw Self.error(.unreachable)
        case .slow(let time, let text):
            wait(until: .after(time))
            return SourceResponse(status: 200, body: Array(text.utf8))
        case .secret(let header, let value, let text):
            guard request.headers.contains(where: { $0.name == header && $0.value == value }) else {
                return SourceResponse(status: 401)
            }
            return SourceResponse(status: 200, body: Array(text.utf8))
        }
    }

    private func wait(until deadline: Deadline) { _ = try? WakeSignal().wait(until: deadline) }

    private static func error(_ kind: HTTPFault) -> HTTPError {
        HTTPError(kind, "GET", "there", cause: "a test says \(kind)", remedy: "")
    }
}
