import CCurl
import SystemPackage

/// Names one running request of a pool.
package struct HTTPTransferID: Hashable, Sendable {
    let number: Int
}

/// Owns one request on its way, through its redirects.
final class Transfer {
    let id: HTTPTransferID
    let request: HTTPRequest
    // Before the state, so that libcurl's handle goes first.
    private var handle: EasyHandle
    let state: TransferState
    private var pace: TransferPace
    private let standstillTime: Duration
    private(set) var address: HTTPAddress
    private var redirects = 0
    /// Whether the credentials still go along: never again after another origin was asked.
    private var carriesCredentials = true
    /// Whether the caller was given the head.
    var headIsGiven = false
    /// The end, once there is one.
    var result: CURLcode?

    /// - Throws: `HTTPError` when the address may not be asked, the file to send is not there, or there is no memory.
    init(_ id: HTTPTransferID, _ request: HTTPRequest, _ settings: HTTPSettings) throws(HTTPError) {
        guard let handle = EasyHandle() else { throw .library() }
        guard settings.allows(request.address) else {
            throw .plain(request.method.rawValue, request.address, redirectedFrom: nil)
        }
        self.id = id
        self.request = request
        self.handle = handle
        state = try TransferState(request)
        standstillTime = request.body.size == 0 ? settings.standstillTime : settings.sendingStandstillTime
        pace = TransferPace(window: standstillTime, rate: settings.slowestRate)
        address = request.address
        self.handle.connect(state)
        configure(settings)
        target(settings)
        try throwRefusal()
    }

    /// libcurl's handle, as long as this lives.
    var easy: UnsafeMutableRawPointer { unsafe handle.easy }

    /// Whether the head of the answer that counts is there and was not given yet.
    var hasHead: Bool { state.headIsComplete && !state.head.isRedirect && !headIsGiven }

    /// What does not change with a redirect.
    private func configure(_ settings: HTTPSettings) {
        // Without this libcurl changes the handling of signals; its sockets are written with MSG_NOSIGNAL.
        handle.set(CURLOPT_NOSIGNAL, 1)
        // One request per connection: cutting an answer short then ends nothing else. Our libcurl has no HTTP/2 anyway.
        handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        handle.set(CURLOPT_BUFFERSIZE, 128 << 10)
        handle.set(CURLOPT_USERAGENT, settings.userAgent)
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTime)
        handle.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        handle.set(CURLOPT_LOW_SPEED_TIME, max(1, Int(standstillTime.components.seconds)))
        handle.set(CURLOPT_TIMEOUT_MS, request.totalTime)
        if let range = request.range { handle.set(CURLOPT_RANGE, "\(range.lowerBound)-\(range.upperBound - 1)") }
        if let ports = request.localPorts {
            handle.set(CURLOPT_LOCALPORT, ports.lowerBound)
            handle.set(CURLOPT_LOCALPORTRANGE, ports.count)
        }
        configureMethod()
    }

    private func configureMethod() {
        switch request.method {
        case .get: handle.set(CURLOPT_HTTPGET, 1)
        case .head: handle.set(CURLOPT_NOBODY, 1)
        case .delete: handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post:
            handle.set(CURLOPT_POST, 1)
            handle.set(large: CURLOPT_POSTFIELDSIZE_LARGE, request.body.size)
        case .put, .patch:
            handle.set(CURLOPT_UPLOAD, 1)
            handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            handle.set(large: CURLOPT_INFILESIZE_LARGE, request.body.size)
        }
    }

    /// What belongs to one server: address, trust, proxy, credentials.
    private func target(_ settings: HTTPSettings) {
        handle.set(CURLOPT_URL, address.text)
        if let file = settings.authorityFile(for: address) {
            handle.set(CURLOPT_CAINFO, file.string)
            handle.set(CURLOPT_CAPATH, nil as String?)
        }
        if let proxy = settings.proxy { handle.set(CURLOPT_PROXY, proxy) }
        handle.set(CURLOPT_NOPROXY, address.isLoopback || request.isDirect ? "*" : nil)
        // An empty value needs a semicolon.
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        if carriesCredentials, let value = request.authorization { lines.append("Authorization: \(value)") }
        // A server may refuse a long upload before it is sent; for a short one the question costs more than the answer.
        if request.body.size < 1 << 20 { lines.append("Expect:") }
        handle.set(headers: lines)
    }

    /// Turns to where the answer points.
    ///
    /// - Throws: `HTTPError` when it points to plain HTTP, in a circle or nowhere, or sends a POST's body to another server.
    func redirect(_ settings: HTTPSettings) throws(HTTPError) {
        let operation = request.method.rawValue
        let head = state.head
        guard redirects < request.longestChain else {
            throw .redirect(operation, address, "it redirects more than \(request.longestChain) times")
        }
        guard request.method == .get || request.method == .head || head.status == 307 || head.status == 308 else {
            throw .redirect(operation, address, "it answers a \(operation) with a redirect of status \(head.status)")
        }
        let next = try address.following(head["Location"] ?? "")
        guard settings.allows(next), next.isSecure || !address.isSecure else {
            throw .plain(operation, next, redirectedFrom: address)
        }
        // The body of a POST may be a token, and then is as secret as the headers that stay behind.
        guard request.method != .post || request.body.size == 0 || next.hasSameOrigin(as: request.address) else {
            throw .redirect(operation, address, "it redirects what proves who asks to another server")
        }
        if !next.hasSameOrigin(as: request.address) { carriesCredentials = false }
        redirects += 1
        address = next
        result = nil
        state.restart(at: next)
        target(settings)
        try throwRefusal()
    }

    /// Gives up when too little has come or gone for too long, at a time of `MonotonicClock`; true when it did.
    func givesUp(at time: Duration) -> Bool {
        // What waits for the caller is not the server's fault.
        if state.isPaused {
            pace.restart()
            return false
        }
        guard pace.isTooSlow(bytes: state.moved, at: time) else { return false }
        state.fail(
            .slow(request.method.rawValue, address.withoutQuery, fewest: pace.fewest, in: standstillTime))
        return true
    }

    private func throwRefusal() throws(HTTPError) {
        guard let code = handle.takeRefusal() else { return }
        throw .curl(
            code, "preparing \(request.method.rawValue)", address.withoutQuery, detail: "", wasSent: false,
            received: false)
    }

    /// The failure of a finished transfer; nil when it succeeded.
    var failure: HTTPError? {
        if let fault = state.fault { return fault }
        guard let result, result != CURLE_OK, !state.isCut else { return nil }
        return .curl(
            result, request.method.rawValue, address.withoutQuery, detail: handle.detail, wasSent: handle.wasSent,
            received: state.received > 0)
    }
}

// The functions that libcurl calls. Each finds the state of its transfer and moves bytes; none can throw.

@unsafe
private func state(_ pointer: UnsafeMutableRawPointer?) -> TransferState? {
    unsafe pointer.map { unsafe Unmanaged<TransferState>.fromOpaque($0).takeUnretainedValue() }
}

/// Takes bytes of the body (`CURLOPT_WRITEFUNCTION`).
@unsafe
func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
    guard let state = unsafe state(pointer) else { return 0 }
    switch unsafe state.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) {
    case true?: return size * count
    // CURL_WRITEFUNC_ERROR is newer than the oldest libcurl supported: any other number than the given one is an error.
    case false?: return size * count == 0 ? 1 : 0
    case nil: return Int(CURL_WRITEFUNC_PAUSE)
    }
}

/// Takes a line of headers (`CURLOPT_HEADERFUNCTION`).
@unsafe
func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
    guard let state = unsafe state(pointer) else { return 0 }
    return unsafe state.take(header: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

/// Gives bytes to send (`CURLOPT_READFUNCTION`).
@unsafe
func giveBody(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
    guard let state = unsafe state(pointer) else { return Int(CURL_READFUNC_ABORT) }
    return unsafe state.give(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
        ?? Int(CURL_READFUNC_ABORT)
}

/// Goes back in what is sent (`CURLOPT_SEEKFUNCTION`); only from the beginning.
@unsafe
func rewindBody(_ pointer: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard let state = unsafe state(pointer), origin == 0, state.rewind(to: Int(offset)) else {
        return CURL_SEEKFUNC_FAIL
    }
    return CURL_SEEKFUNC_OK
}
