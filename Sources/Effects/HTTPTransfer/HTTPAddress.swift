import CCurl
import Faults

/// Holds an `http` or `https` address without user and password, taken apart by libcurl itself, so that what is checked
/// is what is asked.
package struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The longest address accepted, in bytes; presigned addresses of object stores have about 2,000.
    package static let longest = 16_384

    /// The whole address.
    package let text: String
    /// `http` or `https`.
    package let scheme: String
    /// The name or number, lower case, IPv6 in brackets.
    package let host: String
    /// The port, the scheme's own when the address names none.
    package let port: Int
    /// The address without its query and fragment, for messages: a query may be a credential.
    package let withoutQuery: String

    /// Reads an address.
    ///
    /// The corresponding C functions are `curl_url_set` and `curl_url_get`.
    ///
    /// - Throws: `HTTPError` (`invalid`) for another scheme, an address with user or password, and what is no address.
    package init(_ text: String) throws(HTTPError) {
        try self.init(text, relativeTo: nil)
    }

    /// Reads the target of a redirect, which may be relative.
    ///
    /// - Throws: as `init(_:)`.
    package func following(_ location: String) throws(HTTPError) -> HTTPAddress {
        try HTTPAddress(location, relativeTo: self)
    }

    private init(_ location: String, relativeTo base: HTTPAddress?) throws(HTTPError) {
        guard location.utf8.count <= Self.longest, CurlLibrary.isReady, let parts = AddressParts() else {
            throw .address(location)
        }
        if let base, !parts.set(base.text) { throw .address(base.text) }
        guard parts.set(location), let text = parts.get(CURLUPART_URL), let scheme = parts.get(CURLUPART_SCHEME),
            scheme == "http" || scheme == "https", parts.get(CURLUPART_USER) == nil,
            parts.get(CURLUPART_PASSWORD) == nil, let host = parts.get(CURLUPART_HOST), !host.isEmpty,
            let port = parts.get(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) })
        else { throw .address(AddressText.withoutSecrets(location)) }
        self.text = text
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        withoutQuery = AddressText.withoutSecrets(text)
    }

    /// `host:port`, the form in which registries are configured.
    package var authority: String { "\(host):\(port)" }

    /// Whether two addresses are served by the same server: scheme, host and port.
    package func hasSameOrigin(as other: HTTPAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Whether it is encrypted.
    package var isSecure: Bool { scheme == "https" }

    /// Whether it cannot leave this machine: `localhost`, `127.0.0.0/8`, `[::1]`.
    package var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers.first == 127 && !numbers.contains(nil)
    }

    /// What is to be told of an address that is asked without TLS; nil for one with it.
    package var plainNote: String? {
        isSecure ? nil : "\(withoutQuery) was fetched without TLS, so others on the way could change it"
    }

    /// The same as `withoutQuery`.
    package var description: String { withoutQuery }
}

/// Owns libcurl's parser of addresses.
@safe
private struct AddressParts: ~Copyable {
    private let handle: OpaquePointer

    init?() {
        guard let handle = unsafe curl_url() else { return nil }
        unsafe self.handle = unsafe handle
    }

    /// Takes an address, relative to the one that is there.
    borrowing func set(_ text: String) -> Bool {
        unsafe curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK
    }

    borrowing func get(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text = unsafe text else {
            return nil
        }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }

    deinit { unsafe curl_url_cleanup(handle) }
}
