import Foundation
import Synchronization
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

    @Test(
        "a name is looked up again while others rename, as often as it takes, but not for ever",
        arguments: [0, 2, 127, 128])
    func lookedUpAgain(failures: Int) throws {
        var calls = 0
        let look = {
            calls += 1
            errno = EAGAIN
            return calls > failures ? Int32(7) : -1
        }
        if failures < DirectoryHandle.lookUps {
            #expect(try DirectoryHandle.lookingUp(look) == 7)
        } else {
            #expect(throws: Errno.resourceTemporarilyUnavailable) { try DirectoryHandle.lookingUp(look) }
        }
        #expect(calls == min(failures + 1, DirectoryHandle.lookUps))
    }

    @Test("any other failure to look a name up is the answer at once")
    func lookedUpOnce() {
        var calls = 0
        #expect(throws: Errno.permissionDenied) {
            try DirectoryHandle.lookingUp {
                calls += 1
                errno = EACCES
                return -1
            }
        }
        #expect(calls == 1)
    }

    @Test("a link that leads through parents is followed while everything around is renamed")
    func renames() throws {
        let folder = try TemporaryFolder()
        _ = try folder.makeFolder("class")
        _ = try folder.makeFolder("devices/vda")
        _ = try folder.write("8", to: "devices/vda/size")
        // The longer the way, the more of its steps a rename comes between.
        let around = String(repeating: "../class/", count: 8)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path.string + "/class/vda", withDestinationPath: around + "../devices/vda")
        _ = try folder.write("", to: "one")
        let (one, other) = (folder.path.string + "/one", folder.path.string + "/other")
        let isOver = Atomic(false)
        var renaming = BackgroundWork {
            for _ in 0..<10_000 {
                rename(one, other)
                rename(other, one)
            }
            isOver.store(true, ordering: .relaxed)
        }
        let root = try DirectoryHandle(root: folder.path)
        while !isOver.load(ordering: .relaxed) { #expect(try root.read("class/vda/size", limit: 8) == [0x38]) }
        try renaming.value()
    }
}
