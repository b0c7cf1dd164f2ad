import CCurl
import SystemPackage

/// Owns libcurl's handle of one transfer, with the texts that libcurl does not copy.
@safe
struct EasyHandle: ~Copyable {
    let easy: UnsafeMutableRawPointer
    private let errors: UnsafeMutablePointer<CChar>
    private var list: UnsafeMutablePointer<curl_slist>?
    /// The first option that libcurl refused.
    private var refused: CURLcode?

    /// Makes a handle; nil when there is no memory.
    ///
    /// The corresponding C function is `curl_easy_init`.
    init?() {
        guard CurlLibrary.isReady, let easy = unsafe curl_easy_init() else { return nil }
        unsafe self.easy = unsafe easy
        unsafe errors = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errors.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe list = nil
        note(unsafe ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errors))
    }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = code }
    }

    mutating func set(_ option: CURLoption, _ value: Int) { note(unsafe ccurl_set_long(easy, option, value)) }

    mutating func set(large option: CURLoption, _ value: Int) {
        note(unsafe ccurl_set_large(easy, option, curl_off_t(value)))
    }

    mutating func set(_ option: CURLoption, _ value: String?) {
        if let value {
            note(unsafe value.withCString { unsafe ccurl_set_text(easy, option, $0) })
        } else {
            note(unsafe ccurl_set_text(easy, option, nil))
        }
    }

    /// Sets a time, at least one millisecond; nil is no limit.
    mutating func set(_ option: CURLoption, _ time: Duration?) {
        let parts = (time ?? .zero).components
        let milliseconds = min(max(0, parts.seconds), 1_000_000) * 1000 + parts.attoseconds / 1_000_000_000_000_000
        set(option, time == nil ? 0 : max(1, Int(milliseconds)))
    }

    /// Sets the request's headers; one with a control character is refused.
    mutating func set(headers: [String]) {
        unsafe curl_slist_free_all(list)
        unsafe list = nil
        for header in headers {
            if header.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) { note(CURLE_BAD_FUNCTION_ARGUMENT) }
            guard let longer = unsafe curl_slist_append(list, header) else {
                note(CURLE_OUT_OF_MEMORY)
                break
            }
            unsafe list = unsafe longer
        }
        note(unsafe ccurl_set_list(easy, CURLOPT_HTTPHEADER, list))
    }

    /// Gives the calls that move bytes the state that they work on, which must outlive this handle.
    mutating func connect(_ state: TransferState) {
        let pointer = unsafe Unmanaged.passUnretained(state).toOpaque()
        note(unsafe ccurl_set_pointer(easy, CURLOPT_WRITEDATA, pointer))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_HEADERDATA, pointer))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_READDATA, pointer))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_SEEKDATA, pointer))
        note(unsafe ccurl_set_receiver(easy, CURLOPT_WRITEFUNCTION, takeBody))
        note(unsafe ccurl_set_receiver(easy, CURLOPT_HEADERFUNCTION, takeHeader))
        note(unsafe ccurl_set_reader(easy, giveBody))
        note(unsafe ccurl_set_seeker(easy, rewindBody))
    }

    /// What libcurl says about the failure; empty when it says nothing.
    var detail: String { unsafe String(cString: errors) }

    /// Whether there was a connection, with TLS where it is wanted, to send the request by.
    ///
    /// The corresponding C function is `curl_easy_getinfo`.
    var wasSent: Bool {
        var time: curl_off_t = 0
        return unsafe ccurl_get_large(easy, CURLINFO_PRETRANSFER_TIME_T, &time) == CURLE_OK && time > 0
    }

    /// The first option that libcurl refused since the last call.
    mutating func takeRefusal() -> CURLcode? {
        defer { refused = nil }
        return refused
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_slist_free_all(list)
        unsafe errors.deallocate()
    }
}

/// Says which libcurl is linked and sets it up once.
package enum CurlLibrary {
    /// The version with that of its parts, as `libcurl/7.88.1 OpenSSL/3.0.22 zlib/1.2.13 c-ares/1.18.1`.
    ///
    /// The corresponding C function is `curl_version`.
    package static var version: String { unsafe String(cString: curl_version()) }

    /// Whether the library could be set up; nothing works when not.
    ///
    /// The corresponding C function is `curl_global_init`.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// The library's own words for a result.
    ///
    /// The corresponding C function is `curl_easy_strerror`.
    static func text(_ code: CURLcode) -> String {
        unsafe curl_easy_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code.rawValue)"
    }
}
