import Faults
import Foundation
import RegistryModel
import RegistryServing
import SystemPackage
import TestServers
import Testing

@testable import LayoutServing

@Suite("Layouts as repositories")
struct LayoutShelfTests {
    @Test("layouts have the names of their folders, those in another layout none, and other names are passed over")
    func names() throws {
        let fixture = try ShelfFixture()
        for name in ["os", "team/deep/er/app", "Upper", ".hidden/x", "os/blobs/inner"] {
            try fixture.index([], in: name)
        }
        try fixture.write([1], to: "plain-file")
        try fixture.write([1], to: "empty/file")
        #expect(try LayoutShelf(fixture.path).repositories().sorted() == ["os", "team/deep/er/app"])
    }

    @Test("a single layout has the name of its folder, or the one that it is given")
    func single() throws {
        let fixture = try ShelfFixture()
        try fixture.index([], in: "os")
        try fixture.index([], in: "Big")
        #expect(try LayoutShelf(fixture.path.appending("os")).repositories() == ["os"])
        #expect(try LayoutShelf(fixture.path.appending("os"), name: "team/a").repositories() == ["team/a"])
        #expect(try LayoutShelf(fixture.path.appending("Big"), name: "big").repositories() == ["big"])
        let error = #expect(throws: LayoutServingError.self) { try LayoutShelf(fixture.path.appending("Big")) }
        #expect(error?.description.contains("--name") == true)
        #expect(throws: LayoutServingError.self) { try LayoutShelf(fixture.path, name: "a") }
        #expect(throws: (any Error).self) { try LayoutShelf(fixture.path.appending("absent")) }
    }

    @Test("a link is neither a layout nor a way to one")
    func links() throws {
        let fixture = try ShelfFixture()
        try fixture.index([], in: "real")
        try FileManager.default.createSymbolicLink(
            atPath: fixture.folder.path("link"), withDestinationPath: fixture.folder.path("real"))
        let shelf = try LayoutShelf(fixture.path)
        #expect(try shelf.repositories() == ["real"])
        #expect(try shelf.layout("link") == nil)
        #expect(try shelf.layout("real") != nil)
    }

    @Test("an index is read once, and again when it is another file")
    func kept() throws {
        let fixture = try ShelfFixture()
        try fixture.index([try fixture.manifest("a", named: "a", in: "os")], in: "os")
        let shelf = try LayoutShelf(fixture.path)
        let first = try #require(try shelf.layout("os"))
        #expect(try shelf.layout("os") === first)
        try fixture.index([try fixture.manifest("b", named: "b", in: "os")], in: "os")
        let second = try #require(try shelf.layout("os"))
        #expect(second !== first && second.listing.tags.keys.sorted() == ["b"])
    }

    @Test("an index that is none is an error, not an absence")
    func malformed() throws {
        let fixture = try ShelfFixture()
        try fixture.write(Array("no JSON".utf8), to: "os/index.json")
        let shelf = try LayoutShelf(fixture.path)
        #expect(throws: RegistryModelError.self) { try shelf.layout("os") }
    }
}
