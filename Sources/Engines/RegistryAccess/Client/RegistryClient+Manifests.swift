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

    /// The same for who has read the reference before: one question with `If-None-Match`, answered 304 where nothing is new.
    ///
    /// The tag of a manifest is its digest, as the reference implementation of the distribution specification has it and
    /// most registries; one that has no such tags sends the document, as if it were new.
    ///
    /// - Parameter known: what the reference named then.
    /// - Throws: as `resolve`.
    package mutating func resolve(known: ManifestDocument) throws -> ManifestDocument {
        try read(manifest: reference.selector, expected: reference.digest, known: known)
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

    /// Lists the documents that are about another one; nil when the registry has no such list.
    ///
    /// Registries without it answer in many ways; what is no list with status 200 and none of these is an error.
    ///
    /// - Throws: `RegistryError`; `RegistryModelError` when the list is malformed.
    package mutating func referrers(of digest: Digest) throws -> ImageIndex? {
        var list: ImageIndex?
        var path: String? = "referrers/\(digest.registryText)"
        for _ in 0..<Self.longestList {
            guard let place = path else { break }
            var question = Question(place, "reading what refers to", "\(reference.name) \(digest.registryText)")
            question.headers = [("Accept", MediaType.index)]
            question.longestAnswer = ImageManifest.maximumLength
            let document = try ask(question, at: places.last ?? 0)
            if Self.withoutReferrers.contains(document.head.status) { return list }
            guard document.head.status == 200 else { throw question.refusal(document) }
            guard document.head.mediaType == MediaType.index else { return list }
            let page = try ImageIndex(parsing: Self.checked(document, question, nil))
            list = ImageIndex(manifests: (list?.manifests ?? []) + page.manifests)
            path = Self.nextPage(document.head["Link"], of: "referrers/")
        }
        return list
    }

    /// The most pages of a list that are read.
    private static let longestList = 16

    /// Where a list goes on, below the repository; nil at its end (distribution specification, "Listing Referrers").
    static func nextPage(_ link: String?, of list: String) -> String? {
        guard let link, link.contains("rel=\"next\"") || link.contains("rel=next"),
            let begin = link.firstRange(of: list)?.lowerBound
        else { return nil }
        return String(link[begin...].prefix { $0 != ">" })
    }

    /// What registries answer that do not know the question.
    private static let withoutReferrers = [400, 404, 405, 406, 501]

    private mutating func read(
        manifest selector: String, expected: Digest?, known: ManifestDocument? = nil
    ) throws -> ManifestDocument {
        let subject = "\(reference.name)\(expected == nil ? ":" : "@")\(selector)"
        var question = Question("manifests/\(selector)", "reading the manifest", subject)
        let accepted = (MediaType.indices + MediaType.manifests).joined(separator: ", ")
        question.headers = [("Accept", accepted)]
        question.longestAnswer = ImageManifest.maximumLength
        if let known { question.headers.append(("If-None-Match", "\"\(known.digest.registryText)\"")) }
        return try ask(question) { document in
            if let known, document.head.status == 304 {
                try Self.check(document, question, digest: known.digest, expected)
                return known
            }
            return try Self.checked(document, question, expected)
        }
    }

    private static func checked(
        _ document: HTTPDocument, _ question: Question, _ expected: Digest?
    ) throws -> ManifestDocument {
        guard document.head.status == 200 else { throw question.refusal(document) }
        let mediaType = try mediaType(document, question)
        let digest = try SHA256Hasher.digest(of: document.body)
        try check(document, question, digest: digest, expected)
        return ManifestDocument(mediaType: mediaType, bytes: document.body, digest: digest)
    }

    /// Refuses a document that is not what was asked for, or what its registry says of it.
    private static func check(
        _ document: HTTPDocument, _ question: Question, digest: Digest, _ expected: Digest?
    ) throws(RegistryError) {
        let announced = document.head["Docker-Content-Digest"].flatMap { Digest(registryText: $0) }
        for other in [expected, announced].compactMap({ $0 }) where other != digest {
            throw RegistryError.corrupted(
                question.operation, question.subject,
                "\(document.head.address.authority) sent content with digest sha256:\(digest) instead of sha256:\(other)"
            )
        }
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
