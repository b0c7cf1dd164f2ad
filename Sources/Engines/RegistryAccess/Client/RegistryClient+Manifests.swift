import Cryptography
import Faults
import HTTPTransfer
package import ImageModel
import JSONText
package import RegistryModel

extension RegistryClient {
    /// Reads the document that the reference names now.
    ///
    /// - Throws: `RegistryError`; `corrupted` when it has not the digest that the reference or the registry names.
    package mutating func resolve() throws -> ManifestDocument {
        try read(manifest: reference.selector, expected: reference.digest)
    }

    /// Reads a manifest of the repository by digest.
    ///
    /// - Throws: `RegistryError`; `corrupted` when it does not have that digest.
    package mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        try read(manifest: digest.registryText, expected: digest)
    }

    /// Reads a manifest of the repository by tag; nil when the registry itself says that there is none.
    ///
    /// - Throws: `RegistryError` for every other answer.
    package mutating func manifest(tag: String) throws -> ManifestDocument? {
        do {
            return try read(manifest: tag, expected: nil)
        } catch let error as RegistryError where error.kind == .notFound {
            return nil
        }
    }

    private mutating func read(manifest selector: String, expected: Digest?) throws -> ManifestDocument {
        var question = Question("manifests/\(selector)", "reading the manifest", "\(reference.name) \(selector)")
        let accepted = (MediaType.indices + MediaType.manifests).joined(separator: ", ")
        question.headers = [("Accept", accepted)]
        question.longestAnswer = ImageManifest.maximumLength
        return try ask(question) { document in try Self.checked(document, question, expected) }
    }

    private static func checked(
        _ document: HTTPDocument, _ question: Question, _ expected: Digest?
    ) throws -> ManifestDocument {
        guard document.head.status == 200 else { throw question.refusal(document) }
        let mediaType = try mediaType(document, question)
        let digest = try SHA256Hasher.digest(of: document.body)
        let announced = document.head["Docker-Content-Digest"].flatMap { Digest(registryText: $0) }
        for other in [expected, announced].compactMap({ $0 }) where other != digest {
            throw RegistryError.corrupted(
                question.operation, question.subject,
                "\(document.head.address.authority) sent content with digest sha256:\(digest) instead of sha256:\(other)"
            )
        }
        return ManifestDocument(mediaType: mediaType, bytes: document.body, digest: digest)
    }

    /// The type that the server states; where it states none of ours, that which the document states.
    private static func mediaType(_ document: HTTPDocument, _ question: Question) throws(RegistryError) -> String {
        let accepted = MediaType.indices + MediaType.manifests
        let stated = document.head.mediaType
        if accepted.contains(stated) { return stated }
        let own = try? JSONValue(parsing: document.body)["mediaType"]?.text
        if ["", "application/json", "text/plain", "application/octet-stream"].contains(stated), let own,
            accepted.contains(own)
        {
            return own
        }
        let sent = stated.isEmpty ? "something of no type" : stated.quoted
        throw .misbehaving(
            question.operation, question.subject,
            "\(document.head.address.authority) sent \(sent) instead of a manifest")
    }
}
