import Foundation
import ImageModel
import SystemPackage
import Testing
import Transactions

@Suite("The folder of images on a partition")
struct ImageStoreTests {
    /// A folder that is removed with the test.
    final class Folder {
        let path: FilePath

        init() throws {
            // In memory: the sweeps flush thousands of times.
            let memory = URL(fileURLWithPath: "/dev/shm")
            let isThere = FileManager.default.isWritableFile(atPath: memory.path)
            let parent = isThere ? memory : FileManager.default.temporaryDirectory
            let url = parent.appendingPathComponent("store-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = FilePath(url.path)
        }

        func write(_ text: String, to name: String) throws {
            let url = URL(fileURLWithPath: path.appending(name).string)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }

        func names(_ folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: path.appending(folder).string).sorted()
        }

        deinit { try? FileManager.default.removeItem(atPath: path.string) }
    }

    @Test("an image is staged, kept for the next try, named and removed")
    func lifeCycle() throws {
        let folder = try Folder()
        let store = ImageStore(folder.path)
        let image = try #require(ImageID("0123456789abcdef"))
        let digest = try #require(Digest(bytes: [UInt8](repeating: 0xAB, count: 32)))
        let name = ImageStore.stagingName(digest)
        #expect(name == ".staging-abababababababab")
        let staging = try store.makeStaging(name)
        try folder.write("kernel", to: "images/\(name)/vmlinuz")
        #expect(try store.makeStaging(name) == staging)
        #expect(try folder.names("images/\(name)") == ["vmlinuz"])
        try store.publish(staging, as: image)
        try store.publish(store.directory(image), as: image)
        #expect(try folder.names("images") == [image.description])
        try store.remove(image.description)
        try store.remove(image.description)
        #expect(try folder.names("images") == [])
    }

    @Test("what an unfinished operation left is removed with folders in it, without following links")
    func remains() throws {
        let folder = try Folder()
        let store = ImageStore(folder.path)
        try folder.write("keep", to: "outside/file")
        try folder.write("layer", to: "images/.staging-1/layers/0")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path.appending("images/.staging-1/link").string,
            withDestinationPath: folder.path.appending("outside").string)
        try store.remove(".staging-1")
        #expect(try folder.names("images") == [])
        #expect(try folder.names("outside") == ["file"])
    }
}
