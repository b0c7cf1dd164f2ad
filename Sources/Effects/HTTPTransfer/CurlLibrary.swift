import CCurl

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
