import CCurl
package import Faults

/// Says which request failed, why, and what the operator can do.
package typealias HTTPError = Fault<HTTPFault>

/// Names what kind of failure of a request it is, so that callers can decide without reading texts.
package enum HTTPFault: FaultKind {
    /// No connection came about: name, route, time, TLS handshake.
    case unreachable
    /// A connection broke, or nothing came for too long; what arrived before is good.
    case broken
    /// The server's certificate is signed by nobody whom this machine trusts, or is for another name.
    case untrusted
    /// Plain HTTP where it is not allowed, or a redirect from HTTPS to it.
    case insecure
    /// The body is longer than the request allows.
    case tooLarge
    /// The server does not follow the protocol, or redirects without end.
    case invalid
    /// The server answers with a status that is none of success.
    case refused
    /// This machine's own fault: a file that cannot be read, a setting, memory.
    case local
}

extension HTTPError {
    /// Whether the same request may succeed a moment later.
    package var isTransient: Bool { kind == .unreachable || kind == .broken }

    /// Whether the server took the request and then gave nothing, or too little: trying again costs as much time again.
    package var isStandstill: Bool { underlying is Standstill }

    /// Bytes came, but so few that nobody can wait for the rest.
    static func slow(_ operation: String, _ subject: String, fewest: Int, in time: Duration) -> HTTPError {
        HTTPError(
            .broken, operation, subject,
            cause: "fewer than \(fewest) bytes came in \(time.components.seconds) seconds",
            remedy: "Check the network and the server, and try again.", underlying: Standstill())
    }

    /// The time is over, redirects included.
    static func late(_ request: HTTPRequest) -> HTTPError {
        HTTPError(
            .unreachable, request.method.rawValue, request.address.withoutQuery,
            cause: "it did not answer in time", remedy: "Check the network and the server.")
    }

    /// There is nothing to be had at the address.
    static func status(_ request: HTTPRequest, _ head: HTTPHead) -> HTTPError {
        HTTPError(
            .refused, request.method.rawValue, request.address.withoutQuery,
            cause: "the server answers with status \(head.status)",
            remedy: "Check the address, and whether the server gives it to everyone.")
    }

    /// libcurl could not be set up.
    static func library() -> HTTPError {
        HTTPError(
            .local, "setting up", "libcurl", cause: "it gives no handle", remedy: "Check that memory is free.")
    }

    /// A text that is no address of ours.
    static func address(_ text: String) -> HTTPError {
        HTTPError(
            .invalid, "reading", "an address", cause: "'\(text.prefix(200))' is no http or https address",
            remedy: "Use a form such as https://registry.example:5000/path, without user and password.")
    }

    /// A file that is to be sent does not have what was promised, or cannot be read.
    static func upload(_ operation: String, _ subject: String, _ cause: String) -> HTTPError {
        HTTPError(
            .local, operation, subject, cause: cause, remedy: "Check the file, and the disk that holds it.")
    }

    /// The body is longer than it may be.
    static func tooLarge(_ operation: String, _ subject: String, limit: Int) -> HTTPError {
        HTTPError(
            .tooLarge, operation, subject, cause: "the answer is longer than the \(limit) bytes allowed",
            remedy: "Check that the address is right and that the server is what it should be.")
    }
}

extension HTTPError {
    /// An address that may only be asked over HTTPS.
    static func plain(_ operation: String, _ address: HTTPAddress, redirectedFrom source: HTTPAddress?) -> HTTPError {
        let cause =
            source.map { "\($0.withoutQuery) redirects to plain HTTP" }
            ?? "plain HTTP is not allowed for \(address.authority)"
        return HTTPError(
            .insecure, operation, address.withoutQuery, cause: cause,
            remedy: "Use HTTPS, or allow plain HTTP for \(address.authority) in the configuration.")
    }

    /// A redirect that leads nowhere.
    static func redirect(_ operation: String, _ address: HTTPAddress, _ cause: String) -> HTTPError {
        HTTPError(
            .invalid, operation, address.withoutQuery, cause: cause, remedy: "Ask the operator of the server.")
    }

    /// libcurl gave up.
    ///
    /// - Parameters:
    ///   - wasSent: whether there was a connection to send the request by.
    ///   - received: whether bytes of an answer came.
    static func curl(
        _ code: CURLcode, _ operation: String, _ subject: String, detail: String, wasSent: Bool, received: Bool
    ) -> HTTPError {
        let kind = kind(of: code, received: received)
        let cause = detail.isEmpty ? CurlLibrary.text(code) : detail
        let isStandstill = code == CURLE_OPERATION_TIMEDOUT && wasSent
        return HTTPError(
            kind, operation, subject, cause: cause, remedy: remedy(of: code, kind),
            underlying: isStandstill ? Standstill() : nil)
    }

    private static func kind(of code: CURLcode, received: Bool) -> HTTPFault {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
            CURLE_PROXY:
            .unreachable
        case CURLE_OPERATION_TIMEDOUT: received ? .broken : .unreachable
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: .broken
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS: .untrusted
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        case CURLE_OUT_OF_MEMORY, CURLE_SSL_CACERT_BADFILE, CURLE_READ_ERROR, CURLE_FAILED_INIT,
            CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_INTERFACE_FAILED:
            .local
        default: .invalid
        }
    }

    private static func remedy(of code: CURLcode, _ kind: HTTPFault) -> String {
        switch (code, kind) {
        case (CURLE_COULDNT_RESOLVE_HOST, _): "Check the name, and the name server in /etc/resolv.conf."
        case (CURLE_COULDNT_RESOLVE_PROXY, _): "Check the proxy in the configuration and in https_proxy."
        case (CURLE_SSL_CACERT_BADFILE, _): "Check that the file with the certificate authority is there and is PEM."
        case (_, .unreachable): "Check that the server runs and that the network leads there."
        case (_, .broken): "Check the network and try again."
        case (_, .untrusted):
            "Check this machine's clock, and name the certificate authority of the server as its 'ca'."
        case (_, .tooLarge): "Check that the address is right and that the server is what it should be."
        case (_, .local): "Check the configuration, and that memory is free."
        default: "Check that the address is that of the server you mean."
        }
    }
}
