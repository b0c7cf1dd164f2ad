import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Making files of every kind in a folder", .enabled(if: geteuid() == 0))
struct NodeAttributesTests {
    private final class Place {
        let path: FilePath

        init() throws {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent("nodes-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = FilePath(url.path)
        }

        deinit { try? FileManager.default.removeItem(atPath: path.string) }

        func status(_ name: String, followingLinks: Bool = false) throws -> FileStatus? {
            try FileStatus.of(path.appending(name), followingLinks: followingLinks)
        }
    }

    private let place: Place

    init() throws { place = try Place() }

    private func handle() throws -> DirectoryHandle { try DirectoryHandle(root: place.path) }

    @Test("owner, mode with its set-user-ID bit, attributes and time are set, of a file and of the folder itself")
    func attributes() throws {
        let handle = try handle()
        _ = try handle.makeFile("a")
        let attributes = NodeAttributes(
            owner: Ownership(user: 3, group: 4), permissions: 0o4751, modified: 1_000_000,
            extended: [("trusted.test", [1, 2])])
        for name in ["a", "."] as [FilePath.Component] {
            _ = try handle.setAttributes(of: name, attributes)
            let path = place.path.appending(name)
            let status = try #require(try FileStatus.of(path))
            #expect(status.owner == Ownership(user: 3, group: 4))
            #expect(status.permissions.rawValue == 0o4751)
            #expect(try OverlayMark.attribute("trusted.test", of: path) == [1, 2])
            let times = try FileManager.default.attributesOfItem(atPath: path.string)[.modificationDate] as? Date
            #expect(times?.timeIntervalSince1970 == 1_000_000)
        }
    }

    @Test("attributes of a link are its own")
    func links() throws {
        let handle = try handle()
        _ = try handle.makeFile("a")
        try handle.makeSymbolicLink("b", to: Array("a".utf8))
        let attributes = NodeAttributes(owner: Ownership(user: 3, group: 4), permissions: 0o700, modified: 1)
        _ = try handle.setAttributes(of: "b", attributes, isLink: true)
        #expect(try place.status("b")?.owner.user == 3)
        #expect(try place.status("a")?.owner.user == 0)
        #expect(try place.status("a")?.permissions.rawValue == 0o600)
        #expect(handle.linkTarget("b") == "a")
    }

    @Test("a file has the names that it is given, and a pipe and a mark are what they are")
    func kinds() throws {
        let handle = try handle()
        _ = try handle.makeFile("a")
        try handle.makeHardLink("b", to: "a", in: handle)
        try handle.makePipe("p")
        try handle.makeWhiteout("w")
        #expect(
            try ["a", "b", "p", "w"].map { try OverlayMark.isWhiteout(place.path.appending($0)) } == [
                false, false, false, true,
            ])
        #expect(
            try FileManager.default.attributesOfItem(atPath: place.path.appending("b").string)[.referenceCount] as? Int
                == 2)
        #expect(try place.status("p")?.kind == .other)
    }

    @Test("what is there is never replaced")
    func exists() throws {
        let handle = try handle()
        _ = try handle.makeFile("a")
        #expect(throws: SystemError.self) { _ = try handle.makeFile("a") }
        #expect(throws: SystemError.self) { try handle.makeSymbolicLink("a", to: [0x62]) }
        #expect(throws: SystemError.self) { try handle.makeHardLink("a", to: "a", in: handle) }
        #expect(throws: SystemError.self) { try handle.makePipe("a") }
        #expect(throws: SystemError.self) { try handle.makeWhiteout("a") }
    }

    @Test("an attribute that is not there is none")
    func none() throws {
        _ = try handle().makeFile("a")
        #expect(try OverlayMark.attribute(OverlayMark.opaque, of: place.path.appending("a")) == nil)
        #expect(throws: SystemError.self) { try OverlayMark.attribute("user.x", of: place.path.appending("b")) }
    }
}
