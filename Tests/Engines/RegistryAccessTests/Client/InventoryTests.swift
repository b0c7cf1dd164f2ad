import Faults
import Foundation
import ImageModel
import RegistryModel
import TestServers
import Testing

@testable import RegistryAccess

@Suite("What a registry has, and how it forgets") struct InventoryTests {
    static func page(_ tags: String, next: String? = nil, path: String = "tags/list?n=1000") -> ScriptedServer.Rule {
        ScriptedServer.Rule("/v2/os/image/\(path)") {
            $0.body = #"{"name":"os/image","tags":\#(tags)}"#
            if let next { $0.headers = ["Link": "</v2/os/image/\(next)>; rel=\"next\""] }
        }
    }

    @Test func `tags are read page by page, and sorted`() throws {
        let server = try ScriptedServer([
            Self.page(#"["b","c"]"#, next: "tags/list?n=1000&last=c"),
            Self.page(#"["a"]"#, path: "tags/list?n=1000&last=c"),
        ])
        var client = try client(server)
        #expect(try client.tags() == ["a", "b", "c"])
    }

    @Test(arguments: [("null", []), (#"["x",1]"#, ["x"]), ("[]", [])])
    func `a repository without tags has none`(tags: String, expected: [String]) throws {
        let server = try ScriptedServer([Self.page(tags)])
        var client = try client(server)
        #expect(try client.tags() == expected)
    }

    @Test func `a page that leads to nothing ends the list, and one that is no list is refused`() throws {
        let server = try ScriptedServer([Self.page("[]", next: "tags/list?n=1000")])
        var other = try client(server)
        #expect(try other.tags() == [])
        let lying = try ScriptedServer([ScriptedServer.Rule("/v2/os/image/tags/list?n=1000") { $0.body = "<html>" }])
        var client = try client(lying)
        #expect(failure { _ = try client.tags() }?.kind == .misbehaving)
    }

    @Test(arguments: [(200, true), (404, false)])
    func `a manifest is there, or not`(status: Int, isThere: Bool) throws {
        let digest = try descriptor(bytes(10)).digest
        let server = try ScriptedServer([
            ScriptedServer.Rule("/v2/os/image/manifests/\(digest.registryText)") {
                $0.method = "HEAD"
                $0.status = status
            }
        ])
        var client = try client(server)
        #expect(try client.hasManifest(digest) == isThere)
    }

    @Test(
        arguments: [
            (202, nil), (404, nil), (405, RegistryFault.denied), (400, .denied), (403, .denied), (409, .misbehaving),
        ] as [(Int, RegistryFault?)])
    func `a deletion is done, was done before, or is refused in words`(status: Int, kind: RegistryFault?) throws {
        let digest = try descriptor(bytes(10)).digest
        let server = try ScriptedServer([
            ScriptedServer.Rule("/v2/os/image/manifests/\(digest.registryText)") {
                $0.method = "DELETE"
                $0.status = status
            }
        ])
        var client = try client(server)
        #expect(failure { try client.remove(manifest: digest) }?.kind == kind)
        #expect(try server.requests().map(\.method) == ["DELETE"])
    }

    @Test func `a blob that is new is sent without a question`() throws {
        let content = bytes(100)
        let blob = try descriptor(content)
        let server = try ScriptedServer([
            ScriptedServer.Rule("/v2/os/image/blobs/uploads/") {
                $0.status = 202
                $0.headers = ["Location": "/v2/os/image/blobs/uploads/1?x=y"]
            },
            ScriptedServer.Rule("/v2/os/image/blobs/uploads/1*") { $0.status = 201 },
        ])
        var client = try client(server)
        try client.pushNew(blob, .bytes(content))
        #expect(try server.requests().map(\.method) == ["POST", "PUT"])
        #expect(failure { try client.pushNew(blob, .bytes(bytes(99))) }?.kind == .corrupted)
    }
}
