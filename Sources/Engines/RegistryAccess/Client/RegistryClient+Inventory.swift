// What a repository has, and how it forgets: only who publishes asks for these.
import Faults
import HTTPTransfer
package import ImageModel
import JSONText
import RegistryModel

extension RegistryClient {
    /// The most tags that a repository is read with.
    private static let mostTags = 1 << 20
    /// The longest page of tags that is read, in bytes: some registries answer with all of them at once.
    private static let longestTagPage = 64 << 20

    /// Asks the registry itself (never a mirror) whether it has a manifest or index of that digest.
    ///
    /// - Throws: `RegistryError` for every answer other than yes and no.
    package mutating func hasManifest(_ digest: Digest) throws -> Bool {
        var question = Question(
            "manifests/\(digest.registryText)", "asking for the manifest", "\(reference.name)@\(digest.registryText)")
        question.method = .head
        question.headers = [("Accept", (MediaType.indices + MediaType.manifests).joined(separator: ", "))]
        let document = try ask(question, at: origin)
        switch document.head.status {
        case 200: return true
        case 404: return false
        default: throw question.refusal(document)
        }
    }

    /// The names of all tags, sorted; none where there is no repository yet (distribution specification, "Listing Tags").
    ///
    /// - Throws: `RegistryError`, also for more tags than anybody has.
    package mutating func tags() throws -> [String] {
        var names: [String] = []
        var path: String? = "tags/list?n=1000"
        while let place = path {
            var question = Question(place, "listing the tags", reference.name)
            question.longestAnswer = Self.longestTagPage
            let document = try ask(question, at: origin)
            if document.head.status == 404 { break }
            guard document.head.status == 200 else { throw question.refusal(document) }
            let page = try Self.tags(document, question)
            names += page
            guard names.count <= Self.mostTags else {
                throw RegistryError.misbehaving(question.operation, question.subject, "it has too many")
            }
            path = page.isEmpty ? nil : Self.nextPage(document.head["Link"], of: "tags/list")
        }
        return names.sorted()
    }

    private static func tags(_ document: HTTPDocument, _ question: Question) throws(RegistryError) -> [String] {
        guard let value = try? JSONValue(parsing: document.body), let object = value.object else {
            throw .misbehaving(question.operation, question.subject, "the answer is no list")
        }
        // A repository without tags answers with null.
        return (object["tags"]?.elements ?? []).compactMap(\.text)
    }

    /// Has the registry forget a manifest or index and every tag of it; one that is not there is no error.
    ///
    /// - Throws: `RegistryError`; `denied` where the registry lets nobody delete.
    package mutating func remove(manifest digest: Digest) throws {
        var question = Question(
            "manifests/\(digest.registryText)", "deleting", "\(reference.name)@\(digest.registryText)")
        question.method = .delete
        question.access = .delete
        let document = try ask(question, at: origin)
        switch document.head.status {
        case 200, 202, 204, 404: return
        case 400, 405, 501:
            throw RegistryError(
                .denied, question.operation, question.subject,
                cause:
                    "\(document.head.address.authority) does not let anybody delete (status \(document.head.status))",
                remedy: "Have its operator allow deletions; for docker-registry that is storage.delete.enabled.")
        default: throw question.refusal(document)
        }
    }
}
