package import Faults
import ImageModel

/// Says why what a cache elsewhere has is not used, or why it is not asked.
package typealias RemoteCacheError = Fault<RemoteCacheFault>

/// Names why what a cache elsewhere has is not used.
package enum RemoteCacheFault: FaultKind {
    /// It does not answer in time.
    case late
    /// It is signed by nobody who is trusted.
    case untrusted
    /// It is no build, or one of another key.
    case foreign
}

extension RemoteCacheError {
    private static let asking = "asking the cache"

    static func late(_ place: String) -> RemoteCacheError {
        RemoteCacheError(
            .late, asking, place, cause: "it did not answer in time", remedy: "Try again later, or ask its operator.")
    }

    static func untrusted(_ tag: String, _ cause: String) -> RemoteCacheError {
        RemoteCacheError(
            .untrusted, asking, "for \(tag)", cause: cause,
            remedy: "Name the public key of who writes to it with --trust.")
    }

    static func foreign(_ tag: String, _ cause: String) -> RemoteCacheError {
        RemoteCacheError(
            .foreign, asking, "for \(tag)", cause: cause, remedy: "Write to it again with --cache-push.")
    }
}
