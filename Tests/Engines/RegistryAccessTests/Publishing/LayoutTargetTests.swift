import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import RegistryAccess

@Suite struct LayoutTargetTests {
    static func manifest(_ target: inout LayoutTarget, _ number: UInt8, as tag: String?) throws -> Digest {
        let content = [UInt8](repeating: number, count: 10)
        let blob = try descriptor(content)
        _ = try target.push(blob, .bytes(content))
        return try target.push(
            manifest: ImageManifest(config: blob, layers: []).serialized(), mediaType: MediaType.manifest, tag: tag)
    }

    @Test func `what was gathered has its name for whoever stores it, and for others only at the end`() throws {
        let folder = try TestFolder()
        let path = FilePath(folder.path("layout"))
        var target = try LayoutTarget(.init(path))
        let old = try Self.manifest(&target, 1, as: "kept")
        try target.gather()
        let new = try Self.manifest(&target, 2, as: "new")
        #expect(try target.manifest(tag: "new")?.digest == new)
        #expect(try target.manifest(tag: "kept")?.digest == old)
        #expect(try target.tags() == ["kept", "new"])
        var other = try LayoutTarget(existing: .init(path))
        #expect(try other.tags() == ["kept"])
        try target.commit()
        #expect(try other.tags() == ["kept", "new"])
        #expect(try other.manifest(tag: "new")?.digest == new)
        try target.gather()
        _ = try Self.manifest(&target, 3, as: "only")
        try target.commit(replacing: true)
        #expect(try other.tags() == ["only"])
    }

    @Test func `a layout with more images than an index of a registry may have is read`() throws {
        let folder = try TestFolder()
        let path = FilePath(folder.path("layout"))
        var target = try LayoutTarget(.init(path))
        try target.gather()
        for number in 0..<(ImageIndex.maximumEntries + 1) {
            _ = try Self.manifest(&target, 1, as: "tag-\(number)")
        }
        try target.commit()
        var other = try LayoutTarget(existing: .init(path))
        #expect(try other.tags().count == ImageIndex.maximumEntries + 1)
        #expect(try other.manifest(tag: "tag-7") != nil)
    }

    @Test func `content that is not what its digest says is not stored, and nothing is left of it`() throws {
        let folder = try TestFolder()
        let path = FilePath(folder.path("layout"))
        var target = try LayoutTarget(.init(path))
        let blob = try descriptor(bytes(100))
        #expect(failure { try target.pushNew(blob, .bytes(bytes(100, seed: 2))) }?.kind == .corrupted)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/blobs/sha256") == [])
        #expect(try !target.holds(blob))
        try target.pushNew(blob, .bytes(bytes(100)))
        #expect(try target.holds(blob))
        try Data(bytes(100, seed: 2)).write(to: URL(filePath: "\(path)/blobs/sha256/\(blob.digest.hex)"))
        #expect(try target.hasBlob(blob))
        #expect(try !target.holds(blob))
    }

    @Test func `a document goes with its names, and its blobs when nothing names them`() throws {
        let folder = try TestFolder()
        var target = try LayoutTarget(.init(FilePath(folder.path("layout"))))
        let (one, two) = (try Self.manifest(&target, 1, as: "one"), try Self.manifest(&target, 2, as: "two"))
        try target.remove(manifest: one)
        try target.remove(manifest: one)
        #expect(try target.tags() == ["two"])
        #expect(try !target.hasManifest(one) && target.hasManifest(two))
        #expect(try target.sweep(keeping: [two]) == 20)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("layout/blobs/sha256")) == [two.hex])
    }

    @Test func `a layout that has to be there is not made`() throws {
        let folder = try TestFolder()
        let path = FilePath(folder.path("layout"))
        #expect(throws: RegistryError.self) { _ = try LayoutTarget(existing: .init(path)).folder }
        #expect(!FileManager.default.fileExists(atPath: path.string))
    }
}
