import Cryptography
import DiskContract
import Foundation
import GrubEnvironment
import ImageFolders
import ImageModel
import SystemPackage
import TestMachines
import Testing

@testable import InstalledSystem

@Suite("The images on a store")
struct ImageInventoryTests {
    /// A store with one image of three small files, signed by the machine's own key.
    struct Scene {
        let folder: TestFolder
        let id: ImageID
        let keys: FilePath

        init() throws {
            folder = try TestFolder()
            let digest = try SHA256Hasher.digest(of: Array("x".utf8))
            let content = String(repeating: "x", count: 8192)
            var image = try #require(StoredImage.fake("1")?.manifest)
            image.root.sha256 = try SHA256Hasher.digest(of: Array(content.utf8))
            image.kernel = .init(size: 1, sha256: digest)
            image.initrd = image.kernel
            let bytes = image.serialized()
            id = ImageID(manifestDigest: try SHA256Hasher.digest(of: bytes))
            try folder.write(content, to: "images/\(id)/root.squashfs")
            for name in ["vmlinuz", "initrd.img"] { try folder.write("x", to: "images/\(id)/\(name)") }
            let key = try SigningKey()
            let text = { String(decoding: $0 as [UInt8], as: UTF8.self) }
            try folder.write(text(bytes), to: "images/\(id)/manifest.json")
            let signature = SignatureFile(signatures: [try key.sign(bytes)]).serialized()
            try folder.write(text(signature), to: "images/\(id)/local.sig")
            try folder.write(text(try key.publicKey().pem()), to: "lifeboot/machine.pem")
            keys = folder.path.appending("keys")
            try folder.write(text(try SigningKey().publicKey().pem()), to: "keys/other.pem")
        }

        func images(_ local: LocalImagePolicy = .allow) throws -> [StoredImage] {
            try ImageInventory.images(in: folder.path, .state, keys: [keys], local: local)
        }

        func only(_ local: LocalImagePolicy = .allow) throws -> StoredImage {
            try #require(try images(local).first)
        }
    }

    @Test("a local image is whole where such images boot, and known by name where they do not")
    func local() throws {
        let scene = try Scene()
        let image = try scene.only()
        #expect(image.isWhole && image.isTrusted && image.faults == [])
        #expect(image.id == scene.id && image.store == .state && image.title == "debian 12.1")
        let refused = try scene.only(.refuse)
        #expect(!refused.isWhole && !refused.isTrusted && refused.title == "debian 12.1")
        #expect(refused.otherFaults.count == 1 && refused.bootFaults == [])
    }

    @Test(
        "what is wrong with a file that GRUB loads is told from what is wrong with the root",
        arguments: [
            ("vmlinuz", true), ("initrd.img", true), ("root.squashfs", false),
        ])
    func faults(_ name: String, _ isBootFile: Bool) throws {
        let scene = try Scene()
        for (text, cause) in [("", "is empty"), ("xy", "has 2 bytes instead of \(isBootFile ? 1 : 8192)")] {
            try scene.folder.write(text, to: "images/\(scene.id)/\(name)")
            let image = try scene.only()
            #expect(image.bootFaults == (isBootFile ? ["\(name) \(cause)"] : []))
            #expect(image.otherFaults == (isBootFile ? [] : ["\(name) \(cause)"]))
            #expect(!image.isWhole && image.isTrusted)
        }
        try FileManager.default.removeItem(atPath: scene.folder.path.appending("images/\(scene.id)/\(name)").string)
        #expect(try scene.only().faults == ["\(name) is missing"])
    }

    @Test("folders in the making and other names are no images, and a manifest of another image is no manifest")
    func names() throws {
        let scene = try Scene()
        for name in [".staging-0000000000000000", "lost+found", "0123"] {
            try scene.folder.write("x", to: "images/\(name)/vmlinuz")
        }
        #expect(try scene.images().map(\.id) == [scene.id])
        try scene.folder.write("{}", to: "images/\(scene.id)/manifest.json")
        let image = try scene.only()
        #expect(image.manifest == nil && image.title == nil && !image.isWhole)
        #expect(image.found.sequence == 0)
    }

    @Test("a store without a folder of images holds none")
    func empty() throws {
        let folder = try TestFolder()
        #expect(try ImageInventory.images(in: folder.path, .recovery, keys: [], local: .allow).isEmpty)
    }
}
