import DiskContract
import Foundation
import ImageModel
import InstalledSystem
import SystemPackage
import TestMachines
import Testing
import Transactions

@Suite("The folder of images on a partition")
struct ImageStoreTests {
    @Test("an image is staged, kept for the next try, named and removed")
    func lifeCycle() throws {
        let folder = try TestFolder()
        let store = ImageStore(folder.path)
        let image = try #require(ImageID("0123456789abcdef"))
        let digest = try #require(Digest(bytes: [UInt8](repeating: 0xAB, count: 32)))
        let name = DiskFiles.staging(for: digest)
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
        let folder = try TestFolder()
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
