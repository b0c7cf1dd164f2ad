package import ImageModel
import RegistryModel
package import WebMessages

/// What a request is about (distribution specification, "Endpoints").
package enum ServingRoute: Equatable, Sendable {
    /// How a manifest is named.
    package enum ManifestName: Equatable, Sendable {
        case tag(String)
        case digest(Digest)
    }

    /// Whether this is a registry.
    case version
    /// Which repositories there are.
    case catalog(PageWish)
    /// Which tags a repository has.
    case tags(String, PageWish)
    /// A manifest or index.
    case manifest(String, ManifestName)
    /// A blob.
    case blob(String, Digest)
    /// The manifests that are about another one, of one type or of all.
    case referrers(String, Digest, type: String?)
    /// A plain file, by the names of the folders that it lies in and its own.
    case file([String])

    /// Finds out what a request is about.
    ///
    /// - Throws: `ServingRefusal` for a method that changes something, and for what is about nothing.
    package init(_ request: WebRequest) throws(ServingRefusal) {
        guard WebRequest.readingMethods.contains(request.method) else { throw .readOnly }
        guard let target = WebTarget(request.target) else { throw .malformed }
        switch target.parts.first {
        case "v2": self = try Self.registry(target)
        case "files" where target.parts.count > 1 && !target.endsWithSlash:
            self = .file(Array(target.parts.dropFirst()))
        default: throw .nothing
        }
    }

    private static func registry(_ target: WebTarget) throws(ServingRefusal) -> ServingRoute {
        let parts = Array(target.parts.dropFirst())
        if parts.isEmpty { return .version }
        guard !target.endsWithSlash else { throw .nothing }
        if parts == ["_catalog"] { return .catalog(try PageWish(target.query)) }
        guard parts.count >= 3, let name = parts.last else { throw .nothing }
        // A repository may have any of these words in its name; what counts are the last two parts.
        let (repository, kind) = (parts.dropLast(2).joined(separator: "/"), parts[parts.count - 2])
        guard ["tags", "manifests", "blobs", "referrers"].contains(kind) else { throw .nothing }
        guard ImageReference.isRepository(repository) else { throw .badName }
        switch kind {
        case "tags":
            guard name == "list" else { throw .nothing }
            return .tags(repository, try PageWish(target.query))
        case "manifests": return .manifest(repository, try manifest(name))
        case "blobs": return .blob(repository, try digest(name))
        default: return .referrers(repository, try digest(name), type: target.query["artifactType"])
        }
    }

    private static func manifest(_ name: String) throws(ServingRefusal) -> ManifestName {
        if name.contains(":") { return .digest(try digest(name)) }
        guard ImageReference.isTag(name) else { throw .noManifest }
        return .tag(name)
    }

    private static func digest(_ text: String) throws(ServingRefusal) -> Digest {
        guard let digest = Digest(registryText: text) else { throw .badDigest }
        return digest
    }
}

/// Why a request gets nothing, as registries say it (distribution specification, "Error Codes").
package struct ServingRefusal: Error, Equatable, Sendable {
    /// The status of the answer.
    package let status: Int
    /// The word for programs.
    package let code: String
    /// A sentence for people.
    package let message: String

    private init(_ status: Int, _ code: String, _ message: String) {
        (self.status, self.code, self.message) = (status, code, message)
    }

    /// The method would change something.
    package static let readOnly = ServingRefusal(405, "UNSUPPORTED", "This registry can only be read.")
    /// The target of the request is none.
    package static let malformed = ServingRefusal(400, "UNSUPPORTED", "The path of the request is malformed.")
    /// The path leads to nothing.
    package static let nothing = ServingRefusal(404, "UNSUPPORTED", "There is nothing at this path.")
    /// The name of the repository is none.
    package static let badName = ServingRefusal(400, "NAME_INVALID", "This is no name of a repository.")
    /// The digest is none, or of another kind.
    package static let badDigest = ServingRefusal(
        400, "DIGEST_INVALID", "A digest is sha256: and 64 lower-case hexadecimal digits.")
    /// The length of a page is none.
    package static let badPage = ServingRefusal(400, "PAGINATION_NUMBER_INVALID", "n must be a whole number.")
    /// There is no such repository.
    package static let noRepository = ServingRefusal(404, "NAME_UNKNOWN", "There is no such repository.")
    /// There is no such manifest.
    package static let noManifest = ServingRefusal(404, "MANIFEST_UNKNOWN", "There is no such manifest.")
    /// There is no such blob.
    package static let noBlob = ServingRefusal(404, "BLOB_UNKNOWN", "There is no such blob.")
    /// It may be there, and cannot be read: that is not to be taken for an absence.
    package static let unreadable = ServingRefusal(
        500, "UNKNOWN", "The server cannot read this; its own output says why.")
}
