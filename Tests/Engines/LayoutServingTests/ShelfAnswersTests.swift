import Foundation
import ImageModel
import RegistryModel
import Synchronization
import SystemPackage
import TestServers
import Testing
import WebMessages

@testable import LayoutServing

@Suite("Answers out of layouts")
struct ShelfAnswersTests {
    let fixture: ShelfFixture
    let image: Descriptor

    init() throws {
        fixture = try ShelfFixture()
        image = try fixture.manifest("content", named: "1.0", in: "team/os")
        let signature = try fixture.manifest("signature", type: "a/signature", about: image, in: "team/os")
        let other = try fixture.manifest("bill", named: "bill", type: "a/bill", about: image, in: "team/os")
        try fixture.index([image, signature, other], in: "team/os")
    }

    @Test("a manifest comes by tag and by digest with its type, and again only when it is another")
    func manifests() throws {
        let answers = try fixture.answers()
        for name in ["1.0", image.digest.registryText] {
            let answer = answers.get("/v2/team/os/manifests/\(name)")
            #expect(answer.status == 200 && answer.length == image.size)
            #expect(answer.field("Content-Type") == MediaType.manifest)
            #expect(answer.field("Docker-Content-Digest") == image.digest.registryText)
            let tag = try #require(answer.field("ETag"))
            let again = answers.get("/v2/team/os/manifests/\(name)", "GET", ["if-none-match": tag])
            #expect(again.status == 304 && again.text.isEmpty)
            let head = answers.get("/v2/team/os/manifests/\(name)", "HEAD")
            #expect(head.status == 200 && head.length == image.size && head.text.isEmpty)
        }
        #expect(answers.get("/v2/team/os/manifests/2.0").status == 404)
        #expect(answers.get("/v2/team/os/manifests/sha256:\(String(repeating: "0", count: 64))").status == 404)
        #expect(answers.get("/v2/other/manifests/1.0").text.contains("NAME_UNKNOWN"))
    }

    @Test("files are given without layouts, and then no repository is known")
    func filesAlone() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("#!ipxe".utf8).write(to: folder.appending(path: "boot.ipxe"))
        let answers = try ShelfAnswers(nil, files: FilePath(folder.path)) { Issue.record("\($0)") }
        #expect(answers.get("/files/boot.ipxe").text == "#!ipxe")
        #expect(answers.get("/v2/_catalog").text.contains("[]"))
        let digest = "sha256:\(String(repeating: "0", count: 64))"
        for path in ["tags/list", "manifests/1", "blobs/\(digest)", "referrers/\(digest)"] {
            #expect(answers.get("/v2/os/\(path)").status == 404)
        }
    }

    @Test("a manifest that only another index names is found, and a blob that is none is not")
    func nested() throws {
        let inner = try fixture.manifest("inner", in: "team/os")
        let list = try fixture.blob(ImageIndex(manifests: [inner]).serialized(), MediaType.index, in: "team/os")
        let answers = try fixture.answers()
        let answer = answers.get("/v2/team/os/manifests/\(inner.digest.registryText)")
        #expect(answer.status == 200 && answer.field("Content-Type") == MediaType.manifest)
        #expect(
            answers.get("/v2/team/os/manifests/\(list.digest.registryText)").field("Content-Type") == MediaType.index)
        let blob = try fixture.blob(Array("{}".utf8), in: "team/os")
        #expect(answers.get("/v2/team/os/manifests/\(blob.digest.registryText)").status == 404)
    }

    @Test("a blob comes whole, in part, or not at all")
    func blobs() throws {
        let blob = try fixture.blob(Array("0123456789".utf8), in: "team/os")
        let answers = try fixture.answers()
        let target = "/v2/team/os/blobs/\(blob.digest.registryText)"
        #expect(answers.get(target).text == "0123456789")
        let part = answers.get(target, "GET", ["range": "bytes=3-5"])
        #expect(part.status == 206 && part.text == "345" && part.field("Content-Range") == "bytes 3-5/10")
        #expect(answers.get(target, "GET", ["range": "bytes=10-"]).status == 416)
        #expect(answers.get(target, "GET", ["range": "bytes=0-1,3-4"]).text == "0123456789")
        #expect(answers.get(target, "HEAD").length == 10)
        #expect(answers.get(target, "DELETE").status == 405)
        #expect(
            answers.get("/v2/team/os/blobs/sha256:\(String(repeating: "0", count: 64))").text.contains("BLOB_UNKNOWN"))
        #expect(answers.get("/v2/team/blobs/\(blob.digest.registryText)").status == 404)
    }

    @Test("what is about a document is listed, of one type when asked")
    func referrers() throws {
        let answers = try fixture.answers()
        let target = "/v2/team/os/referrers/\(image.digest.registryText)"
        #expect(answers.get(target).text.contains("a/signature") && answers.get(target).text.contains("a/bill"))
        let bills = answers.get("\(target)?artifactType=a%2Fbill")
        #expect(!bills.text.contains("a/signature") && bills.text.contains("a/bill"))
        #expect(bills.field("OCI-Filters-Applied") == "artifactType")
        let none = answers.get("/v2/team/os/referrers/sha256:\(String(repeating: "0", count: 64))")
        #expect(none.status == 200 && none.text.contains(#""manifests":[]"#))
    }

    @Test("lists come page by page")
    func lists() throws {
        let answers = try fixture.answers()
        #expect(answers.get("/v2/").text == "{}" && answers.get("/v2/").status == 200)
        #expect(answers.get("/v2/_catalog").text == #"{"repositories":["team/os"]}"#)
        let first = answers.get("/v2/team/os/tags/list?n=1")
        #expect(
            first.text == #"{"name":"team/os","tags":["1.0"]}"# && first.field("Link")?.contains("last=1.0") == true)
        #expect(answers.get("/v2/team/os/tags/list?n=1&last=1.0").text == #"{"name":"team/os","tags":["bill"]}"#)
        #expect(answers.get("/v2/nothing/tags/list").status == 404)
    }

    @Test("plain files come from their folder, and from nowhere else")
    func files() throws {
        try fixture.write(Array("kernel".utf8), to: "net/boot/vmlinuz")
        try fixture.write(Array("secret".utf8), to: "secret")
        let manager = FileManager.default
        for (link, target) in [("net/up", "../secret"), ("net/away", "/etc/passwd"), ("net/out", "..")] {
            try manager.createSymbolicLink(atPath: fixture.folder.path(link), withDestinationPath: target)
        }
        let answers = try fixture.answers(files: "net")
        let answer = answers.get("/files/boot/vmlinuz")
        #expect(answer.status == 200 && answer.text == "kernel" && answer.field("ETag") != nil)
        let again = answers.get("/files/boot/vmlinuz", "GET", ["if-none-match": answer.field("ETag") ?? ""])
        #expect(again.status == 304)
        for path in ["up", "away", "out/secret", "boot", "absent", "boot/vmlinuz/x"] {
            #expect(answers.get("/files/\(path)").status == 404, "\(path)")
        }
        for path in ["../secret", "%2e%2e/secret", "boot/..%2f..%2fsecret", "boot/%00"] {
            #expect(answers.get("/files/\(path)").status == 400, "\(path)")
        }
        try fixture.write(Array("newer.".utf8), to: "net/boot/vmlinuz")
        let changed = answers.get("/files/boot/vmlinuz", "GET", ["if-none-match": answer.field("ETag") ?? ""])
        #expect(changed.status == 200 && changed.text == "newer.")
        #expect(try fixture.answers().get("/files/boot/vmlinuz").status == 404)
    }

    @Test("nothing waits for a pipe, or takes it for a file")
    func pipes() throws {
        try FileManager.default.createDirectory(atPath: fixture.folder.path("net"), withIntermediateDirectories: true)
        _ = try Tool.run("mkfifo", [fixture.folder.path("net/pipe")])
        #expect(try fixture.answers(files: "net").get("/files/pipe").status == 404)
    }

    @Test("what cannot be read is an error that clients do not see the reason of")
    func unreadable() throws {
        try fixture.write(Array("no JSON".utf8), to: "bad/index.json")
        let remarks = Remarks()
        let answers = try ShelfAnswers(LayoutShelf(fixture.path), files: nil) { remarks.add($0) }
        let answer = answers.get("/v2/bad/tags/list")
        #expect(answer.status == 500 && !answer.text.contains("JSON"))
        #expect(remarks.all.count == 1)
    }

    @Test("a file that was cut while it is given is an error, and one that was replaced is given whole")
    func replaced() throws {
        try fixture.write(Array("0123456789".utf8), to: "net/file")
        guard case .content(let content, let range) = try fixture.answers(files: "net").get("/files/file").body else {
            Issue.record("no content")
            return
        }
        try fixture.write(Array("other".utf8), to: "net/file")
        #expect(try content.bytes(at: 0, count: range.count) == Array("0123456789".utf8))
        #expect(throws: (any Error).self) { try content.bytes(at: 5, count: 6) }
    }
}

/// Keeps what a server says.
private final class Remarks: Sendable {
    private let held = Mutex<[String]>([])

    func add(_ text: String) { held.withLock { $0.append(text) } }

    var all: [String] { held.withLock { $0 } }
}
