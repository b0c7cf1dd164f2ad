import ImageModel
import RegistryModel
import Testing
import WebMessages

@testable import RegistryServing

@Suite("What a request is about")
struct ServingRouteTests {
    static let hex = String(repeating: "0a", count: 32)

    static func digest() throws -> Digest { try #require(Digest(registryText: "sha256:\(hex)")) }

    static func route(_ target: String, _ method: String = "GET") throws -> ServingRoute {
        try ServingRoute(WebRequest(method, target))
    }

    @Test("every endpoint of the specification is known")
    func endpoints() throws {
        let digest = try Self.digest()
        let expected: [(String, ServingRoute)] = [
            ("/v2/", .version), ("/v2", .version), ("/v2/_catalog", .catalog(PageWish())),
            ("/v2/_catalog?n=3&last=a%2Fb", .catalog(PageWish(count: 3, last: "a/b"))),
            ("/v2/os/tags/list", .tags("os", PageWish())),
            ("/v2/a/b/tags/list?n=0", .tags("a/b", PageWish(count: 0))),
            ("/v2/os/manifests/latest", .manifest("os", .tag("latest"))),
            ("/v2/os/manifests/sha256:\(Self.hex)", .manifest("os", .digest(digest))),
            ("/v2/os/manifests/sha256%3a\(Self.hex)", .manifest("os", .digest(digest))),
            ("/v2/os/manifests/sha256-\(Self.hex)", .manifest("os", .tag("sha256-\(Self.hex)"))),
            ("/v2/os/blobs/sha256:\(Self.hex)", .blob("os", digest)),
            ("/v2/os/referrers/sha256:\(Self.hex)", .referrers("os", digest, type: nil)),
            ("/v2/os/referrers/sha256:\(Self.hex)?artifactType=a%2Fb", .referrers("os", digest, type: "a/b")),
            ("/v2/tags/list/manifests/list", .manifest("tags/list", .tag("list"))),
            ("/v2/v2/blobs/tags/list", .tags("v2/blobs", PageWish())),
            ("/files/a", .file(["a"])), ("/files/net%20boot/a/vmlinuz", .file(["net boot", "a", "vmlinuz"])),
        ]
        for (target, route) in expected {
            #expect(try Self.route(target) == route, "\(target)")
            #expect(try Self.route(target, "HEAD") == route, "\(target)")
        }
    }

    @Test(
        "what changes something is refused before all else",
        arguments: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "get", ""])
    func methods(method: String) {
        for target in ["/v2/", "/v2/os/blobs/uploads/", "/../x", "/nothing"] {
            #expect(throws: ServingRefusal.readOnly) { try Self.route(target, method) }
        }
    }

    @Test(
        "what is about nothing says why",
        arguments: [
            ("/", .nothing), ("/index.html", .nothing), ("/v1/", .nothing), ("/v2/os", .nothing), ("/v2/os/", .nothing),
            ("/v2/_catalog/", .nothing), ("/v2/tags/list", .nothing), ("/v2/os/tags/other", .nothing),
            ("/v2/os/tags/list/", .nothing), ("/v2/os/uploads/x", .nothing), ("/files", .nothing),
            ("/files/", .nothing),
            ("/files/a/", .nothing), ("/V2/", .nothing),
            ("/v2/../x", .malformed), ("/files/../etc/passwd", .malformed), ("/files/%2e%2e/x", .malformed),
            ("/files/a%2f..%2f..%2fx", .malformed), ("http://h/v2/", .malformed), ("", .malformed),
            ("/v2/OS/tags/list", .badName), ("/v2/.git/manifests/a", .badName), ("/v2/a__b_-/tags/list", .badName),
            ("/v2/\(String(repeating: "a/", count: 128))b/tags/list", .badName),
            ("/v2/os/blobs/latest", .badDigest), ("/v2/os/blobs/sha256:0", .badDigest),
            ("/v2/os/blobs/sha256:\(String(repeating: "0A", count: 32))", .badDigest),
            ("/v2/os/manifests/sha512:00", .badDigest), ("/v2/os/referrers/x", .badDigest),
            ("/v2/os/manifests/-a", .noManifest),
            ("/v2/os/manifests/\(String(repeating: "a", count: 129))", .noManifest),
            ("/v2/_catalog?n=x", .badPage), ("/v2/_catalog?n=-1", .badPage), ("/v2/os/tags/list?n=", .badPage),
        ] as [(String, ServingRefusal)])
    func refusals(target: String, refusal: ServingRefusal) {
        #expect(throws: refusal) { try Self.route(target) }
    }
}
