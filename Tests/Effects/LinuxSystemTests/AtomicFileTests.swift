import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Atomic file")
struct AtomicFileTests {
    @Test("the new file replaces the old and leaves nothing beside it")
    func replaces() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "file")
        try AtomicFile.write(Array("new".utf8), to: path)
        #expect(try FileBytes.read(path, limit: 10) == Array("new".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string) == ["file"])
    }

    @Test("a failure leaves the old file")
    func fails() throws {
        let folder = try TemporaryFolder()
        _ = try folder.makeFolder("file/full")
        let path = folder.path.appending("file")
        #expect(throws: SystemError.self) { try AtomicFile.write([1], to: path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path.string) == ["file"])
        #expect(try FileBytes.readIfPresent(folder.path.appending("none"), limit: 1) == nil)
        #expect(throws: SystemError.self) { try FileBytes.readIfPresent(path, limit: 1) }
    }
}
