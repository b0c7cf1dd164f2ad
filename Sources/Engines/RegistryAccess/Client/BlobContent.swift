import HTTPTransfer
package import SystemPackage

/// Where the bytes of a blob are that is pushed; the descriptor says how many.
package enum BlobContent: Sendable {
    /// In memory.
    case bytes([UInt8])
    /// In a file, from its beginning; read while it is sent.
    case file(FilePath)

    /// The same for a request.
    func body(size: Int) -> HTTPRequest.Body {
        switch self {
        case .bytes(let bytes): .bytes(bytes)
        case .file(let path): .file(path, size: size)
        }
    }
}
