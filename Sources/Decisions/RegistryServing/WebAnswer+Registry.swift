import ImageModel
import JSONText
package import RegistryModel
package import WebMessages

extension WebAnswer {
    /// Says why a request gets nothing.
    package init(_ refusal: ServingRefusal) {
        let error: JSONValue = ["code": .string(refusal.code), "message": .string(refusal.message)]
        self.init(refusal.status, [Self.json], bytes: JSONValue.object(["errors": .array([error])]).serialized())
        if refusal == .readOnly { fields.append(("Allow", WebRequest.readingMethods.joined(separator: ", "))) }
    }

    /// Says that this is a registry.
    package static let registryVersion = WebAnswer(200, [json, version], bytes: Array("{}".utf8))

    /// Lists repositories.
    package static func catalog(_ page: ListPage, _ wish: PageWish) -> WebAnswer {
        list(["repositories": .array(page.names.map { .string($0) })], page, wish, at: "/v2/_catalog")
    }

    /// Lists the tags of a repository.
    package static func tags(of repository: String, _ page: ListPage, _ wish: PageWish) -> WebAnswer {
        let tags = JSONValue.array(page.names.map { .string($0) })
        return list(
            ["name": .string(repository), "tags": tags], page, wish, at: "/v2/\(repository)/tags/list")
    }

    private static func list(_ object: JSONObject, _ page: ListPage, _ wish: PageWish, at path: String) -> WebAnswer {
        var answer = WebAnswer(200, [json, version], bytes: JSONValue.object(object).serialized())
        if page.isContinued, let last = page.names.last {
            let next = "\(path)?n=\(wish.count ?? page.names.count)&last=\(WebTarget.encoded(last))"
            answer.fields.append(("Link", "<\(next)>; rel=\"next\""))
        }
        return answer
    }

    /// Lists what is about a document.
    ///
    /// - Parameter isFiltered: whether only one type is listed.
    package static func referrers(_ index: ImageIndex, isFiltered: Bool) -> WebAnswer {
        var answer = WebAnswer(
            200, [(contentType, MediaType.index), version], bytes: index.serialized())
        if isFiltered { answer.fields.append(("OCI-Filters-Applied", "artifactType")) }
        return answer
    }

    /// Gives a document or blob, or a part of it.
    ///
    /// What is asked for by digest never changes; what is asked for by tag is asked for anew each time.
    package init(
        to request: WebRequest, _ blob: Descriptor, _ content: any WebContent, isFixed: Bool
    ) {
        let caching = isFixed ? "public, max-age=31536000, immutable" : "no-cache"
        self.init(
            to: request, content, tag: blob.digest.registryText, size: blob.size,
            fields: [
                (Self.contentType, blob.mediaType), ("Docker-Content-Digest", blob.digest.registryText),
                Self.version, ("Cache-Control", caching),
            ])
    }

    private static let contentType = "Content-Type"
    private static let json = (name: contentType, value: "application/json")
    private static let version = (name: "Docker-Distribution-API-Version", value: "registry/2.0")
}
