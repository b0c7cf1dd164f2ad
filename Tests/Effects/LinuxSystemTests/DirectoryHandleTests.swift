import Foundation
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Directory handle")
struct DirectoryHandleTests {
    @Test("folders are made one inside the other, and again without complaint")
    func makes() throws {
        let folder = try TemporaryFolder()
        let root = try DirectoryHandle(root: folder.path)
        _ = try root.makeDirectory("/a/b/c")
        _ = try root.makeDirectory("a/b/c")
        _ = try root.directory("/")
        #expect(FileManager.default.fileExists(atPath: folder.path.string + "/a/b/c"))
    }

    @Test("links and parents cannot lead out of the root", arguments: ["/", "../../../..", "/../.."])
    func confined(link: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.makeFolder("root/etc")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path.string + "/root/out", withDestinationPath: link)
        let root = try DirectoryHandle(root: folder.path.appending("root"))
        let inside = try root.directory("out/etc")
        let real = try FileManager.default.destinationOfSymbolicLink(atPath: inside.mountTarget.string)
        #expect(FilePath(real) == folder.path.appending("root/etc"))
        _ = try root.makeDirectory("out/../../made")
        #expect(FileManager.default.fileExists(atPath: folder.path.string + "/root/made"))
        try root.write(Array("x".utf8), to: "out/file")
        #expect(FileManager.default.fileExists(atPath: folder.path.string + "/root/file"))
    }

    @Test("a dangling link and a file in the way are errors")
    func obstacles() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path.string + "/dangling", withDestinationPath: "/nowhere")
        _ = try folder.write("", to: "file")
        let error = #expect(throws: SystemError.self) {
            _ = try DirectoryHandle(root: folder.path).makeDirectory("file/x")
        }
        #expect(error?.errno == .notDirectory)
        let path = folder.path
        #expect(throws: SystemError.self) { _ = try DirectoryHandle(root: path).makeDirectory("dangling") }
        #expect(throws: SystemError.self) { _ = try DirectoryHandle(root: path.appending("none")) }
    }
}
