import CCurl
import LinuxSystem

/// What happened to a request of a pool.
package enum HTTPEvent {
    /// Nothing happened for a quarter of a second; time to look whether to go on.
    case idle
    /// Status and headers of the answer came, redirects being followed before.
    case head(HTTPTransferID, HTTPHead)
    /// The next bytes of the body came, at most 256 KiB and one packet.
    case bytes(HTTPTransferID, [UInt8])
    /// All of the body came.
    case ended(HTTPTransferID)
    /// The transfer ended early; what came before is good.
    case failed(HTTPTransferID, HTTPError)
}

/// Runs several HTTP requests at once over one pool of connections, without threads and without signals.
///
/// The caller takes events one after the other. While it does not, no more than 256 KiB per request are read: a slow
/// disk slows the network down and never fills the memory.
@safe
package struct HTTPPool: ~Copyable {
    /// Longest wait before `next` returns `idle`, in milliseconds.
    static let longestWait: Int32 = 250

    private let multi: UnsafeMutableRawPointer
    /// What holds for all requests.
    package let settings: HTTPSettings
    private var transfers: [Transfer] = []
    private var lastNumber = 0
    private var turn = 0
    private var finishedBytes = 0
    /// Requests sent so far, redirects included.
    package private(set) var requests = 0

    /// Makes a pool without connections.
    ///
    /// The corresponding C function is `curl_multi_init`.
    ///
    /// - Throws: `HTTPError` (`local`) when there is no memory.
    package init(_ settings: HTTPSettings = HTTPSettings()) throws(HTTPError) {
        guard CurlLibrary.isReady, let multi = unsafe curl_multi_init() else { throw .library() }
        unsafe self.multi = unsafe multi
        self.settings = settings
        _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, settings.connections)
        _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.connections * 2)
    }

    /// Bytes of bodies received so far, those of redirects and cancelled requests included.
    package var bytesReceived: Int { transfers.reduce(finishedBytes) { $0 + $1.state.received } }

    /// Number of requests on their way.
    package var running: Int { transfers.count }

    /// Sends a request; `next` tells what becomes of it.
    ///
    /// - Throws: `HTTPError` when the address may not be asked (`insecure`) or the file to send is not there (`local`).
    package mutating func start(_ request: HTTPRequest) throws(HTTPError) -> HTTPTransferID {
        lastNumber += 1
        let transfer = try Transfer(HTTPTransferID(number: lastNumber), request, settings)
        try attach(transfer)
        transfers.append(transfer)
        return transfer.id
    }

    private mutating func attach(_ transfer: Transfer) throws(HTTPError) {
        guard unsafe curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else { throw .library() }
        requests += 1
    }

    /// Waits for the next event; `idle` when there is none for a quarter of a second, or no request at all.
    ///
    /// The corresponding C functions are `curl_multi_perform` and `curl_multi_poll`.
    ///
    /// - Throws: `HTTPError` (`local`) when libcurl itself cannot go on.
    package mutating func next() throws(HTTPError) -> HTTPEvent {
        if let event = readyEvent() { return event }
        try perform()
        if let event = readyEvent() { return event }
        try pause(atMost: Self.longestWait)
        try perform()
        return readyEvent() ?? .idle
    }

    /// Waits for something to happen, at most a quarter of a second.
    func pause(atMost milliseconds: Int32) throws(HTTPError) {
        let wait = milliseconds < 0 ? Self.longestWait : min(milliseconds, Self.longestWait)
        try check(unsafe curl_multi_poll(multi, nil, 0, wait, nil))
    }

    private mutating func perform() throws(HTTPError) {
        var count: Int32 = 0
        try check(unsafe curl_multi_perform(multi, &count))
        while let message = unsafe curl_multi_info_read(multi, &count) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let easy = unsafe message.pointee.easy_handle
            let result = unsafe message.pointee.data.result
            guard let transfer = transfers.first(where: { unsafe $0.easy == easy }) else { continue }
            unsafe curl_multi_remove_handle(multi, transfer.easy)
            transfer.result = result
        }
        let now = MonotonicClock.now()
        for transfer in transfers where transfer.result == nil && transfer.givesUp(at: now) {
            unsafe curl_multi_remove_handle(multi, transfer.easy)
            transfer.result = CURLE_OPERATION_TIMEDOUT
        }
    }

    private func check(_ code: CURLMcode) throws(HTTPError) {
        if code != CURLM_OK { throw .library() }
    }

    /// Takes the first event that waits, each request in its turn.
    private mutating func readyEvent() -> HTTPEvent? {
        for step in 0..<transfers.count {
            let place = (turn + step) % transfers.count
            if let event = event(of: transfers[place]) {
                turn = place + 1
                return event
            }
        }
        return nil
    }

    private mutating func event(of transfer: Transfer) -> HTTPEvent? {
        if transfer.hasHead {
            transfer.headIsGiven = true
            return .head(transfer.id, transfer.state.head)
        }
        if transfer.state.hasPending {
            let bytes = transfer.state.takePending()
            resume(transfer)
            return .bytes(transfer.id, bytes)
        }
        return transfer.result == nil ? nil : end(of: transfer)
    }

    /// Lets libcurl bring what it was told to keep.
    private func resume(_ transfer: Transfer) {
        guard transfer.state.isPaused, transfer.result == nil else { return }
        transfer.state.resumed()
        _ = unsafe curl_easy_pause(transfer.easy, CURLPAUSE_CONT)
    }

    /// Follows a redirect, or tells how the transfer ended and forgets it.
    private mutating func end(of transfer: Transfer) -> HTTPEvent? {
        if let failure = transfer.failure {
            forget(transfer)
            return .failed(transfer.id, failure)
        }
        guard transfer.state.head.isRedirect else {
            forget(transfer)
            return .ended(transfer.id)
        }
        do throws(HTTPError) {
            try transfer.redirect(settings)
            try attach(transfer)
            return nil
        } catch {
            forget(transfer)
            return .failed(transfer.id, error)
        }
    }

    /// Ends a request; its connection is closed when the answer was not complete.
    package mutating func cancel(_ id: HTTPTransferID) {
        guard let transfer = transfers.first(where: { $0.id == id }) else { return }
        if transfer.result == nil { unsafe curl_multi_remove_handle(multi, transfer.easy) }
        forget(transfer)
    }

    /// Ends all requests.
    package mutating func cancelAll() {
        for transfer in transfers { cancel(transfer.id) }
    }

    private mutating func forget(_ transfer: Transfer) {
        finishedBytes += transfer.state.received
        transfers.removeAll { $0 === transfer }
    }

    deinit {
        for transfer in transfers where transfer.result == nil {
            unsafe curl_multi_remove_handle(multi, transfer.easy)
        }
        unsafe curl_multi_cleanup(multi)
    }
}
