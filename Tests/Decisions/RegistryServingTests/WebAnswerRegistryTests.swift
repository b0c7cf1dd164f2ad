import ImageModel
import RegistryModel
import Testing
import WebMessages

@testable import RegistryServing

@Suite("Answers of a registry")
struct WebAnswerRegistryTests {
    func text(_ answer: WebAnswer) -> String {
        if case .bytes(let bytes) = answer.body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }

    @Test("a refusal has the form that clients read, and names the methods that there are")
    func refusal() {
        let missing = WebAnswer(ServingRefusal.noBlob)
        #expect(missing.status == 404 && missing.field("Allow") == nil)
        #expect(text(missing) == #"{"errors":[{"code":"BLOB_UNKNOWN","message":"There is no such blob."}]}"#)
        let refused = WebAnswer(ServingRefusal.readOnly)
        #expect(refused.status == 405 && refused.field("Allow") == "GET, HEAD")
    }

    @Test("a list names its next page, spelled for a query, and the last one none")
    func pages() {
        let wish = PageWish(count: 1)
        let first = WebAnswer.catalog(ListPage(of: ["a/b", "c"], wish), wish)
        #expect(text(first) == #"{"repositories":["a/b"]}"#)
        #expect(first.field("Link") == #"</v2/_catalog?n=1&last=a%2Fb>; rel="next""#)
        let next = PageWish(count: 1, last: "a/b")
        let last = WebAnswer.tags(of: "os", ListPage(of: ["a/b", "c"], next), next)
        #expect(text(last) == #"{"name":"os","tags":["c"]}"#)
        #expect(last.field("Link") == nil)
    }

    @Test("a list of referrers says whether it is filtered")
    func referrers() {
        let index = ImageIndex(manifests: [])
        #expect(WebAnswer.referrers(index, isFiltered: false).field("OCI-Filters-Applied") == nil)
        let filtered = WebAnswer.referrers(index, isFiltered: true)
        #expect(filtered.field("OCI-Filters-Applied") == "artifactType")
        #expect(filtered.field("Content-Type") == MediaType.index)
    }

    @Test("what is named by its digest may be kept for ever, and what is named by a tag is asked for anew")
    func blobs() throws {
        let entry = try LayoutListingTests.entry(1)
        let content = HeldContent([1])
        let fixed = WebAnswer(to: WebRequest("GET", "/"), entry, content, isFixed: true)
        #expect(fixed.field("ETag") == "\"\(entry.digest.registryText)\"")
        #expect(fixed.field("Docker-Content-Digest") == entry.digest.registryText)
        #expect(fixed.field("Content-Type") == MediaType.manifest)
        #expect(fixed.field("Cache-Control")?.contains("immutable") == true)
        let request = WebRequest("GET", "/", fields: ["if-none-match": "\"\(entry.digest.registryText)\""])
        let tagged = WebAnswer(to: request, entry, content, isFixed: false)
        #expect(tagged.status == 304 && tagged.field("Cache-Control") == "no-cache")
    }

    @Test(
        "a file's type is that of its name",
        arguments: [
            ("a.iso", "application/vnd.efi.iso"), ("B.EFI", "application/efi"),
            ("boot.ipxe", "text/plain; charset=utf-8"),
            ("vmlinuz", "application/octet-stream"), (".txt", "application/octet-stream"),
            ("a.", "application/octet-stream"),
            ("a.tar.gz", "application/gzip"),
        ])
    func types(name: String, type: String) { #expect(FileType.of(name) == type) }
}
