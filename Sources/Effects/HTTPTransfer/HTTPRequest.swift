package import SystemPackage

/// Describes one request; redirects belong to it.
package struct HTTPRequest: Sendable {
    /// What is done to the resource.
    package enum Method: String, Sendable {
        /// Reads it.
        case get = "GET"
        /// Asks for its headers.
        case head = "HEAD"
        /// Begins an upload, asks for a token.
        case post = "POST"
        /// Stores it.
        case put = "PUT"
        /// Sends a piece of an upload.
        case patch = "PATCH"
    }

    /// What is sent along.
    package enum Body: Sendable {
        /// Nothing (length 0 for the methods that have a body).
        case empty
        /// These bytes.
        case bytes([UInt8])
        /// So many bytes of a file from its beginning, read while they are sent.
        case file(FilePath, size: Int)

        /// Number of bytes.
        package var size: Int {
            switch self {
            case .empty: 0
            case .bytes(let bytes): bytes.count
            case .file(_, let size): size
            }
        }
    }

    /// What is done.
    package var method: Method
    /// To what.
    package var address: HTTPAddress
    /// Names and values, sent to every server that the request is redirected to.
    package var headers: [(name: String, value: String)] = []
    /// Value of `Authorization`; never sent to another origin than that of `address`.
    package var authorization: String?
    /// What is sent along.
    package var body: Body = .empty
    /// Bytes of the resource to ask for; one range, never more.
    package var range: Range<Int>?
    /// Longest body accepted; nil for no limit.
    package var longestBody: Int?
    /// Time for all of it; nil for no limit, when only standstill ends the transfer.
    package var totalTime: Duration?

    /// Describes a request; what has a default can be set afterwards.
    package init(_ method: Method, _ address: HTTPAddress) {
        self.method = method
        self.address = address
    }
}
