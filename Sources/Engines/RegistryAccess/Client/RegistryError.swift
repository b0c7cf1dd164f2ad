import HTTPTransfer
import RegistryModel

/// Says what a registry or another source of images did not give, why, and what the operator can do.
package struct RegistryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; programs tell them apart by the exit status named with each.
    package enum Kind: Equatable, Sendable {
        /// Nobody answers, or only with "later" (21).
        case unreachable
        /// The server's certificate is signed by nobody whom this machine trusts (21).
        case untrusted
        /// What answers does not speak the protocol: HTML instead of JSON, wrong ranges, unknown types (21).
        case misbehaving
        /// The credentials are missing, wrong or not enough (26).
        case denied
        /// There is no such repository, tag or blob (25).
        case notFound
        /// The content does not have the digest or size that it was asked by (22).
        case corrupted
        /// Plain HTTP where it is not allowed (24).
        case insecure
        /// A file or setting of this machine (1).
        case local
    }

    /// What kind of failure it is.
    package var kind: Kind
    /// What was attempted: `reading the manifest`.
    package var operation: String
    /// The reference, or the blob and its repository; no credentials.
    package var subject: String
    /// What happened, in the server's or libcurl's own words where there are any.
    package var cause: String
    /// What the operator can do, a sentence.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// Describes a failure.
    package init(_ kind: Kind, _ operation: String, _ subject: String, cause: String, remedy: String) {
        self.kind = kind
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.remedy = remedy
    }

    /// A request that brought no answer.
    init(_ error: HTTPError, _ operation: String, _ subject: String) {
        let kind: Kind =
            switch error.kind {
            case .unreachable, .broken: .unreachable
            case .untrusted: .untrusted
            case .insecure: .insecure
            case .tooLarge, .invalid: .misbehaving
            case .local: .local
            }
        self.init(kind, operation, subject, cause: "\(error.subject): \(error.cause)", remedy: error.remedy)
    }

    /// A setting or credentials file that cannot be used.
    init(_ error: RegistryModelError) {
        self.init(.local, error.operation, error.subject, cause: error.cause, remedy: "\(error.remedy).")
    }

    /// Whether another place with the same content may do better.
    var isReasonToAskElsewhere: Bool { kind != .local }

    /// Content that is not what it was asked by.
    static func corrupted(_ operation: String, _ subject: String, _ cause: String) -> RegistryError {
        RegistryError(
            .corrupted, operation, subject, cause: cause,
            remedy: "Nothing was installed; push the image again, or check what stands between here and the registry.")
    }

    /// An answer that is not of the protocol.
    static func misbehaving(_ operation: String, _ subject: String, _ cause: String) -> RegistryError {
        RegistryError(
            .misbehaving, operation, subject, cause: cause,
            remedy: "Check that the address is a registry's and that no proxy or login page answers in its place.")
    }
}
