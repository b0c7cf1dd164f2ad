package import Faults
import HTTPTransfer
import JSONText
import RegistryModel
import SystemPackage

/// Says what a registry or another source of images did not give, why, and what the operator can do.
package typealias RegistryError = Fault<RegistryFault>

/// Names what kind of failure it is; programs tell them apart by the exit status named with each.
package enum RegistryFault: FaultKind {
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

    /// What comes from outside has a status of its own; of this machine, what lies below decides.
    package var refusal: RefusalKind? {
        switch self {
        case .unreachable, .untrusted, .misbehaving: .unreachable
        case .denied: .accessDenied
        case .notFound: .notFound
        case .corrupted: .mismatch
        case .insecure: .plainHTTP
        case .local: nil
        }
    }
}

extension RegistryError {
    /// A request that brought no answer.
    init(_ error: HTTPError, _ operation: String, _ subject: String) {
        let kind: RegistryFault =
            switch error.kind {
            case .unreachable, .broken: .unreachable
            case .untrusted: .untrusted
            case .insecure: .insecure
            case .tooLarge, .invalid, .refused: .misbehaving
            case .local: .local
            }
        self.init(
            kind, operation, subject, cause: "\(error.subject): \(error.cause)", remedy: error.remedy,
            underlying: error)
    }

    /// A setting or credentials file that cannot be used.
    init(_ error: RegistryModelError) { self.init(.local, error) }

    /// What another layer says, in its words, with the subject named otherwise where that says more.
    init(_ kind: RegistryFault, _ error: some OperatorFault, subject: String? = nil) {
        self.init(
            kind, error.operation, subject ?? error.subject, cause: error.cause, remedy: error.remedy,
            underlying: error)
    }

    /// Whether another place with the same content may do better.
    var isReasonToAskElsewhere: Bool { kind != .local }

    /// Whether the server took the request and then gave nothing, or too little.
    var isStandstill: Bool { (underlying as? HTTPError)?.isStandstill == true }

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

extension RegistryError {
    /// A registry's refusal, with its own words (distribution specification, "Error Codes").
    static func status(_ document: HTTPDocument, _ operation: String, _ subject: String) -> RegistryError {
        let status = document.head.status
        let words = serverWords(document).map { ", \($0)" } ?? ""
        let cause = "\(document.head.address.authority) answers with status \(status)\(words)"
        switch status {
        case 401, 403:
            return RegistryError(
                .denied, operation, subject, cause: cause,
                remedy: "Check user and password in the credentials file, and that the repository exists.")
        case 404:
            return RegistryError(
                .notFound, operation, subject, cause: cause, remedy: "Check the spelling of repository and tag.")
        case 429, 500...599:
            return RegistryError(
                .unreachable, operation, subject, cause: cause, remedy: "Try again later, or ask its operator.")
        default: return .misbehaving(operation, subject, cause)
        }
    }

    /// Codes and messages of the body, short and printable; nil when it has none.
    private static func serverWords(_ document: HTTPDocument) -> String? {
        guard let value = try? JSONValue(parsing: document.body) else {
            let line = document.body.prefix { $0 >= 0x20 }
            return document.head.mediaType == "text/html" || line.isEmpty
                ? nil : String(decoding: line, as: UTF8.self).quoted
        }
        let error = value["errors"]?.elements?.first
        let words = [error?["code"]?.text, error?["message"]?.text, value["details"]?.text].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: ": ").quoted
    }
}

extension RegistryError {
    /// Something about an image in a folder, an archive or on a medium.
    static func source(_ kind: RegistryFault, _ subject: String, _ cause: String, remedy: String) -> RegistryError {
        RegistryError(kind, "reading the image source", subject, cause: cause, remedy: remedy)
    }

    /// An archive or medium whose own structure is broken, or whose content is not what its digest says.
    static func damaged(_ path: FilePath, _ cause: String) -> RegistryError {
        .source(.corrupted, path.string, cause, remedy: "Copy the file again and compare its checksum.")
    }

    /// Something that holds no image, or cannot be read as it is.
    static func unsuitable(_ path: FilePath, _ cause: String, remedy: String) -> RegistryError {
        .source(.local, path.string, cause, remedy: remedy)
    }
}
