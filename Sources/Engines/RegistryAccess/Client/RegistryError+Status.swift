import Faults
import HTTPTransfer
import JSONText
import RegistryModel

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
